# bpr.sh OUT -- what a tenth of every user's train says of settings of BPR on Gowalla: recall@20, ndcg@20.
# Every one is run to its last epoch; test.tsv is not read.
set -eu
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
rs-import -q --no-header --user 1 --item 2 "$DATA/gowalla/train.tsv" |
	rs-split -q --scheme user --valid 0 --test 0.1 >"$1/bpr.rts"
while read -r settings; do
	# shellcheck disable=SC2086 # words are options
	rs-mf -q --as bpr --algo bpr --optimizer sgd $settings <"$1/bpr.rts" | rs-score -q --task ranking --k 20 --tsv |
		awk -F'\t' -v a="$settings" 'NR == 1 { for (i = 1; i <= NF; i++) f[$i] = i; next }
			{ printf "%.4f %.4f %s\n", $f["recall@20"], $f["ndcg@20"], a }'
done <<END
--dim 256 --rate 0.2 --l2 0.005 --decay 0.975 --item-bias --epochs 92
--dim 64 --rate 0.2 --l2 0.005 --decay 0.975 --item-bias --epochs 92
--dim 64 --rate 0.1 --l2 0.002 --decay 0.99 --epochs 300
--dim 64 --rate 0.1 --l2 0.001 --decay 0.994 --epochs 400
--dim 64 --rate 0.2 --l2 0.001 --decay 0.99 --epochs 300
--dim 64 --rate 0.1 --l2 0.0005 --decay 0.995 --epochs 500
--dim 128 --rate 0.2 --l2 0.0004 --decay 0.99 --epochs 300
--dim 256 --rate 0.2 --l2 0.0007 --decay 0.99 --epochs 300
--dim 256 --rate 0.2 --l2 0.0012 --decay 0.99 --epochs 300
--dim 256 --rate 0.2 --l2 0.0018 --decay 0.99 --epochs 300
--dim 512 --rate 0.2 --l2 0.0009 --decay 0.99 --epochs 250
--dim 512 --rate 0.2 --l2 0.0016 --decay 0.99 --epochs 300
--dim 512 --rate 0.2 --l2 0.0025 --decay 0.99 --epochs 300
--dim 1024 --rate 0.2 --l2 0.0022 --decay 0.99 --epochs 300
--dim 512 --rate 0.1 --l2 0.0016 --decay 0.995 --epochs 600
END
