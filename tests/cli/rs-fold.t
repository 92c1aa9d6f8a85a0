#!/bin/sh
. "${0%/*}/../lib.sh"
teachable
cd "$tmp" || exit 1
contract rs-fold clicks.rts --of 3 --without 2
rs-fold --of 3 --without 2 <clicks.rts >two.rts
rs-show --tsv part <clicks.rts | tail -n +2 >part
rs-show --tsv part fold <two.rts | tail -n +2 >both
ok "rows of the fold are in no part, others as they were" sh -c 'paste part both | awk "
	\$1 == 0 && !((\$3 == 1 && \$2 == 255) || (\$3 != 1 && \$3 < 3 && \$2 == 0)) || \$1 > 0 && (\$2 != \$1 || \$3 != 255) { bad++ } END { exit bad > 0 }"'
ok "folds differ by one in size" sh -c 'cut -f2 both | grep -v 255 | sort | uniq -c | awk "{ print \$1 }" | sort -n | awk "NR == 1 { low = \$1 } END { exit NR != 3 || \$1 - low > 1 }"'
ok "and each run of three has one row in each" sh -c 'cut -f2 both | grep -v 255 | paste - - - | awk "NF == 3 && (\$1 == \$2 || \$2 == \$3 || \$1 == \$3) { bad++ } END { exit bad > 0 }"'
is "without a fold left out all is as it was" "$(rs-show --digest <clicks.rts)" "$(rs-fold --of 3 <two.rts | rs-pick --drop fold | rs-show --digest)"
is "folds stay, another is left out" "$(rs-fold --of 3 --without 3 <clicks.rts | rs-show --digest)" "$(rs-fold --of 3 --without 3 --seed 9 <two.rts | rs-show --digest)"
ok "another seed makes other folds" sh -c 'rs-fold --of 3 --without 2 --seed 9 <clicks.rts | rs-show --tsv part fold | tail -n +2 | cmp - both; test $? = 1'
ok "without part all rows are train" sh -c 'rs-pick --drop part <clicks.rts | rs-fold --of 4 --without 1 | rs-show --tsv part fold | sort | uniq -c | grep -q "1000 255	0$"'
fails "no such fold" 2 "--without: 4 is not one of 3 folds" rs-fold --of 3 --without 4
fails "one fold" 2 "--of: 1 is not in 2..254" rs-fold --of 1
fails "fewer folds than the stream has" 1 "fold 2 of row [0-9]*; --of 2 has the folds 0 to 1" sh -c 'rs-fold --of 2 <two.rts'
fails "more folds than rows" 1 "5 rows of train; fewer than the 6 folds" sh -c 'head -6 clicks.csv | rs-import -q --label click | rs-fold --of 6'
fails "no rows" 1 "no rows; expected a data set" sh -c 'rs-pick "vocab.*" <clicks.rts | rs-fold'

# Answers out of fold: each model's own answer where it was left out, the mean elsewhere.
rs-fold --of 2 --without 1 <clicks.rts | rs-teach -q --as a --arch lr --epochs 2 | rs-fold --of 2 --without 2 |
	rs-teach -q --as b --arch lr --epochs 2 --seed 2 | rs-fold --of 2 >ab.rts
contract rs-softlabel ab.rts --from a,b --as oof --out-of-fold
rs-softlabel --from a,b --as oof --out-of-fold <ab.rts | rs-softlabel --from a | rs-softlabel --from b | rs-show --tsv fold soft.a soft.b soft.oof >oof
ok "each row by the model that was trained without it" awk 'NR > 1 { d = $4 - ($1 == 0 ? $2 : $1 == 1 ? $3 : ($2 + $3) / 2); n[$1]++
	bad += d > 1e-6 || d < -1e-6 || ($1 != 255 && d != 0) } END { exit bad > 0 || !n[0] || !n[1] || !n[255] }' oof
ok "also beside a gate, which needs all rows" sh -c 'rs-softlabel -q --from a,b --as oof --out-of-fold --combine gate <ab.rts | rs-show --tsv fold soft.oof | cut -f1,2 | grep -v "^255" >gated
	cut -f1,4 oof | grep -v "^255" | cmp - gated'
fails "fewer models than folds" 1 "fold 1 of row [0-9]*, but 1 models; --from wants one a fold" sh -c 'rs-softlabel --from a --as oof --out-of-fold <ab.rts'
fails "no folds" 1 "needs 'fold'" sh -c 'rs-pick --drop fold <ab.rts | rs-softlabel --from a,b --as oof --out-of-fold'
fails "lists out of fold" 2 "soft labels of rows alone" rs-softlabel --out-of-fold --top 3
done_testing
