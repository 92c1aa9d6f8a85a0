# settings.sh OUT -- what part 1, a tenth of train, says of settings: mean quality and mean best epoch,
# best first. Train alone is read: the five bases of MovieLens-100K, four folds of MovieLens-1M in
# five, Gowalla's train.
set -eu
out=$1
mkdir -p "$out/part1"
cd "$out/part1"
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

for i in 1 2 3 4 5; do
	rs-import -q --no-header --separator tab --user 1 --item 2 --label 3 "$DATA/ml-100k/u$i.base" |
		rs-split -q --test 0 --valid 0.1 --seed $i >ml-100k_$i.rts
done
rs-split -q --fold 1/5 --valid 0.1 <../ml-1m.all.rts >ml-1m.rts
rs-import -q --no-header --user 1 --item 2 "$DATA/gowalla/train.tsv" |
	rs-split -q --scheme user --valid 0.1 --test 0 >gowalla.rts

try() { # try SET ARG...: a line
	set=$1; shift
	for file in "$set"*.rts; do rs-mf "$@" <"$file" 2>&1 >/dev/null | grep 'is kept'; done |
		sed 's/.*epoch \([0-9]*\) is kept: valid [A-Z@0-9]* \(.*\)/\1 \2/' |
		awk -v s="$set" -v a="$*" '{ e += $1; q += $2 } END { printf "%s %.4f epoch %.1f %s\n", s, q / NR, e / NR, a }'
}
{
	for k in 64 128; do for l2 in .06 .07 .09; do
		try ml-100k --algo sgd --dim $k --l2 $l2 --rate .03 --epochs 80
		try ml-100k --algo sgd --dim $k --l2 $l2 --rate .03 --epochs 80 --decay .95
		for reg in .3 .7 1.5; do try ml-100k --algo svdpp --dim $k --l2 $l2 --rate .03 --reg $reg --epochs 80; done
	done; done
	for l2 in .045 .055; do
		for k in 64 128; do for d in .9 .94; do try ml-1m --algo sgd --dim $k --l2 $l2 --decay $d --epochs 60; done; done
		for reg in .5 1 2; do try ml-1m --algo svdpp --dim 64 --l2 $l2 --reg $reg --epochs 60; done
	done
	for reg in .06 .07 .08 .1; do for set in ml-100k ml-1m; do try $set --algo als --dim 31 --reg $reg; done; done
} | sort -k 1,1 -k 2,2n
{
	for k in 256 512; do for alpha in .01 .02 .05; do for reg in .002 .003 .005; do
		try gowalla --algo ials --dim $k --alpha $alpha --reg $reg --epochs 8
	done; done; done
	for l2 in .001 .005 .01; do for k in 128 256; do
		try gowalla --algo bpr --optimizer sgd --item-bias --dim $k --rate .2 --l2 $l2 --decay .975 --epochs 100 --patience 100
	done; done
} | sort -k 2,2nr
