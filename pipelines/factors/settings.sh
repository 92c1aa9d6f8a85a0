# settings.sh OUT SET... -- what part 1, a tenth of train, says of settings: mean quality and mean best
# epoch, best first. Train alone is read: the five bases of MovieLens-100K; four folds of MovieLens-1M
# (or of goodbooks, as a toy) in five; the nine tenths of MovieLens-1M that are compared with LIBMF's;
# Gowalla's train; of MovieLens-1M as positives eight tenths.
set -eu
out=$1; shift
mkdir -p "$out/part1"
cd "$out/part1"
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

try() { # try ARG...: a line of $set
	for file in "$set"_*.rts; do rs-mf "$@" <"$file" 2>&1 >/dev/null | grep 'is kept'; done |
		sed 's/.*epoch \([0-9]*\) is kept: valid [A-Z@0-9]* \(.*\)/\1 \2/' |
		awk -v s="$set" -v a="$*" '{ e += $1; q += $2 } END { printf "%s %.4f epoch %.1f %s\n", s, q / NR, e / NR, a }'
}
rated() { # rated DIMS: of ratings, by these dims
	for k in $1; do
		for l2 in .035 .04 .05 .06; do for rate in .035 .04 .05; do
			try --algo sgd --dim "$k" --l2 $l2 --rate $rate --epochs 60
		done; done
		for l2 in .045 .05 .06; do for reg in .3 .7; do for rate in .03 .05; do
			try --algo svdpp --dim "$k" --l2 $l2 --rate $rate --reg $reg --epochs 60
		done; done; done
	done
}
ranked() { # of positives
	for k in 256 512; do for alpha in .01 .02 .05; do for reg in .002 .003 .005; do
		try --algo ials --dim $k --alpha $alpha --reg $reg --epochs 8
	done; done; done
	for l2 in .001 .005 .01; do for k in 128 256; do
		try --algo bpr --optimizer sgd --item-bias --dim $k --rate .2 --l2 $l2 --decay .975 --epochs 100 --patience 100
	done; done
}
taken() { # of positives, and of LIBMF where LIBMF=FOLDER has it
	for l2 in .005 .01 .015; do for how in ".1 --decay .98" ".1 --decay .99" ".05 --decay .99"; do
		try --algo bpr --optimizer sgd --dim 64 --l2 $l2 --rate $how --epochs 300 --patience 30
	done; done
	[ "${LIBMF:-}" ] || return 0
	rs-show --tsv user item part <taken_1.rts | awk 'NR > 1 && $3 < 2 { print $1, $2, 2 * $3 }' >taken.part1
	awk '!$3 { print $1, $2, 1 }' taken.part1 >taken.train
	for how in "-l2 .005 -r .05" "-l2 .005 -r .1" "-l2 .01 -r .05" "-l2 .01 -r .1" "-l2 .02 -r .1"; do
		# shellcheck disable=SC2086 # words are options
		"$LIBMF/mf-train" --quiet -f 10 -s 1 -k 64 -t 300 $how taken.train taken.factors
		echo "taken libmf $(recall taken.factors <taken.part1 | tr '\t' ' ') -t 300 $how" # recall@20, ndcg@20 of all users
	done
}
for set in "$@"; do
	case $set in
	ml-100k)
		for i in 1 2 3 4 5; do
			rs-import -q --no-header --separator tab --user 1 --item 2 --label 3 "$DATA/ml-100k/u$i.base" |
				rs-split -q --test 0 --valid 0.1 --seed $i >ml-100k_$i.rts
		done
		{ rated 128; for reg in .08 .1 .12 .15; do try --algo als --dim 31 --reg $reg; done; } | sort -k 2,2n ;;
	ml-1m)
		rs-split -q --fold 1/5 --valid 0.1 <../ml-1m.all.rts >ml-1m_1.rts
		{ rated 128; for reg in .06 .07 .08; do try --algo als --dim 31 --reg $reg; done; } | sort -k 2,2n ;;
	goodbooks)
		rs-split -q --fold 1/5 --valid 0.1 <../goodbooks.all.rts >goodbooks_1.rts
		rated 8 | sort -k 2,2n ;;
	ninety)
		for s in 1 2 3; do rs-split -q --seed $s --valid 0.1 --test 0.1 <../ml-1m.all.rts >ninety_$s.rts; done
		rated 32 | sort -k 2,2n
		rated 128 | sort -k 2,2n ;;
	taken)
		rs-split -q --seed 1 --valid 0.1 --test 0.1 <../ml-1m.all.rts >taken_1.rts
		taken | sort -k 2,2nr ;;
	gowalla)
		rs-import -q --no-header --user 1 --item 2 "$DATA/gowalla/train.tsv" |
			rs-split -q --scheme user --valid 0.1 --test 0 >gowalla_1.rts
		ranked | sort -k 2,2nr ;;
	*) echo "settings.sh: '$set' is not ml-100k, ml-1m, goodbooks, ninety, taken or gowalla" >&2; exit 2 ;;
	esac
done
