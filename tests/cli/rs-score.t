#!/bin/sh
# Expected values are scikit-learn's or a plain reference's, see make.py and ranking.py in
# tests/fixtures/score, or worked by hand here.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/score

score() { # score STREAM ARG...: standard output and error as in life
	stream=$set/$1.rts; shift
	rs-score "$@" <"$stream"
}
column() { # column NAME: values of a column of the TSV on stdin, one a line
	awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
		{ print c ? $c : "no column" }'
}
agree() { # agree NAME WANT GOT: every column of the first table is in the second, up to 1e-9
	ok "$1" awk -F'\t' '
		FNR == 1 { file++; for (i = 1; i <= NF; i++) name[file, i] = $i; n[file] = NF; next }
		file == 1 { for (i = 1; i <= NF; i++) want[FNR, $1, name[1, i]] = $i; rows++ }
		file == 2 { for (i = 1; i <= NF; i++) got[FNR, $1, name[2, i]] = $i; others++ }
		END {
			for (k in want) {
				d = want[k] - got[k]
				same = k in got && (want[k] == got[k] || \
					want[k] != "" && got[k] != "" && d < 1e-9 && d > -1e-9)
				if (!same) { split(k, at, SUBSEP); bad++
					print at[2], at[3] ": want", want[k], "got", got[k] }
			}
			if (!rows || rows != others) print rows, "rows, got", others
			exit bad > 0 || !rows || rows != others
		}' "$2" "$3"
}

contract rs-score "$set/clicks.rts"

for s in clicks stars; do
	score $s >"$tmp/$s.tsv"
	agree "$s: as scikit-learn has it" "$set/$s.tsv" "$tmp/$s.tsv"
done
score weighted -q >"$tmp/weighted.tsv"
agree "weighted, all rows: as scikit-learn has it" "$set/weighted.tsv" "$tmp/weighted.tsv"
is "cost: 60 weights and a bias" "61 61 61 244 244 244" \
	"$(echo $(column parameters <"$tmp/clicks.tsv") $(column bytes <"$tmp/clicks.tsv"))"
is "nothing measured off the terminal" "" "$(head -1 "$tmp/clicks.tsv" | grep -E 'ns_row|threads')"
is "--cost measures" 3 "$(score clicks --cost | column ns_row | grep -c '^[0-9]*\.*[0-9]*$')"
is "and says with how many threads" "2 2 2" \
	"$(echo $(OMP_NUM_THREADS=2 rs-score --cost <"$set/clicks.rts" | column threads))"

score clicks --table >"$tmp/table"
matches "a table of clicks" rs-score.clicks "$tmp/table"
score stars --table >"$tmp/table"
matches "a table of ratings" rs-score.stars "$tmp/table"
score clicks --json --models student >"$tmp/json"
matches "JSON" rs-score.json "$tmp/json"

is "--models: these, in this order" "student alone" \
	"$(echo $(score clicks --models student,alone | column model))"
is "the teacher is not scored: nothing to compare" "" \
	"$(score clicks --models student,alone | column recovered | tr -d '\n')"
score clicks --part train >"$tmp/train"
score clicks --part 0 >"$tmp/zero"
ok "--part by number and by name" cmp "$tmp/train" "$tmp/zero"
is "and it is said" "train train train" "$(echo $(column part <"$tmp/train"))"
ok "parts differ" sh -c '! cmp -s "$0" "$1"' "$tmp/train" "$tmp/clicks.tsv"

# Four rows, labels 0 1 1 0, row 2 of part 0, the others of part 2. By hand:
# every logit -1, p = .2689: nobody is called positive at .5, everybody at .2.
score small-constant >"$tmp/constant" 2>"$tmp/said"
is "equal scores: auc is a half, and no lift" "0.5 1" \
	"$(echo $(column auc <"$tmp/constant") $(column lift <"$tmp/constant"))"
ok "and are warned of" grep -q "^rs-score: stdin: model 'm' scores all 3 rows -1$" "$tmp/said"
is "nobody called positive: no precision" "" "$(column precision <"$tmp/constant")"
ok "and it is said" grep -q "model 'm' calls no row positive at 0.5: no precision$" "$tmp/said"
is "-q says nothing" "" "$(score small-constant -q 2>&1 >"$tmp/out")"
ok "missing is null in JSON" sh -c \
	'rs-score -q --json <"$0" | grep -q "\"precision\": null, \"recall\": 0,"' "$set/small-constant.rts"
ok "and - in a table" sh -c \
	'rs-score -q --table <"$0" | grep -Eq "^m +0\.50000 .* - +0\.0000"' "$set/small-constant.rts"
is "everybody called positive" "1 0.3333333333" "$(score small-constant -q --threshold 0.2 |
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } END { print $c["recall"], $c["precision"] }')"

# Ratings -1 .75 .25 of labels 0 1 0: p = 0 .75 .25, so log loss is -2 ln(.75) / 3.
is "a model of ratings: probabilities, clipped" "0.3333333333 0.1917880483" \
	"$(echo $(for c in cvr_predicted logloss; do score small-rating | column $c; done))"
score small-zeros -q >"$tmp/zeros"
is "labels 0 only: no auc, pr_auc, recall, lift and calibration" "" \
	"$(for c in auc pr_auc recall lift calibration; do column $c <"$tmp/zeros"; done | tr -d '\n')"
score small-ones -q >"$tmp/ones"
is "labels 1 only: no auc" " 1" "$(column auc <"$tmp/ones") $(column cvr_observed <"$tmp/ones")"

gives() { # gives STREAM STATUS PATTERN ARG...: what is said
	stream=$set/$1.rts status=$2 pattern=$3; shift 3
	fails "says: $pattern" "$status" "^rs-score: $pattern" \
		sh -c 'in=$0; rs-score "$@" <"$in"' "$stream" "$@"
}
gives small-zeros 0 "stdin: all 4 labels are 0: no auc, pr_auc, recall, lift and calibration"
gives small-ones 0 "stdin: all 4 labels are 1: no auc"
gives small-ones 0 "stdin: no 'part' in the stream: all 4 rows count"
gives small-rows 1 "stdin: no model ahead of the rows; rs-mf and rs-teach make one"
gives small-late 1 "stdin: no model ahead of the rows; .* cat MODEL DATA"
gives small-score 1 "stdin: model 'm': score of row 3 is inf; expected a finite number"
gives small-label 1 "stdin: label of row 3 is -*nan; expected a finite number"
gives small-weight 1 "stdin: weight of row 2 is -1; expected a finite number from 0 on"
gives small-weightless 1 "stdin: the weights of all 4 rows are 0"
gives small-stars 1 "stdin: model 'm' predicts labels 0 and 1, but there is a label 3.5; .*--positive"
gives small-feature 1 ".*'row.cat.place'"
gives small-constant 1 "stdin: no row is in part 1 (valid)" --part valid
gives clicks 1 "stdin: no model 'nobody' ahead of the rows; there is 'teacher' and others" --models alone,nobody
gives clicks 2 "--part: 'tests' is none of train, valid, test" --part tests
gives clicks 2 "--table, --tsv, --json, --markdown, --latex: one of them at most" --tsv --json
gives clicks 2 "--task: 'rank' is none of rows, uplift, sampled, ranking" --task rank
gives clicks 2 "--cost, --no-cost: one of them at most" --cost --no-cost
gives clicks 2 "--top" --top 0
gives clicks 2 ".*operand" clicks.rts
# ---- rankings ----

# ---- within users, thresholds, curves, conversions, uplift ----

score visits --by-user -k 1,3 -m item,user >"$tmp/within"
agree "--by-user: GAUC by three weights, the best rows of users" "$set/visits-within.tsv" "$tmp/within"
score visits-weighted --by-user -k 1,3 -m item,user >"$tmp/within"
agree "the same with weights" "$set/visits-within-weighted.tsv" "$tmp/within"
for goal in f1 accuracy; do
	score visits --threshold best-$goal -m item,user >"$tmp/best"
	agree "--threshold best-$goal: the best of part 1" "$set/visits-best-$goal.tsv" "$tmp/best"
done
score visits -m item,user --threshold 0.5 >"$tmp/half"
is "which changes nothing but what is called positive" "$(cut -f4,5,17-21 "$tmp/half")" "$(cut -f4,5,17-21 "$tmp/best")"
for curve in pr calibration; do
	score visits --curve $curve -m item,user >"$tmp/curve"
	agree "--curve $curve: as scikit-learn has it" "$set/visits-$curve.tsv" "$tmp/curve"
done
score visits --conversion row.num.bought -m item,user >"$tmp/conversion" 2>"$tmp/said"
agree "--conversion: rates, AUC and log loss of clicks, of conversions, of both" "$set/visits-conversion.tsv" "$tmp/conversion"
ok "a conversion without a click is told" grep -q "^rs-score: stdin: 1 rows of 'row.num.bought' are conversions without a click and do not count$" "$tmp/said"
uplift="--task uplift --top .3 --treatment"
score visits $uplift row.cat.arm=mail -m item,user >"$tmp/uplift"
agree "uplift: effect, interval, top, Qini" "$set/visits-uplift.tsv" "$tmp/uplift"
score visits $uplift row.num.mailed -m item,user >"$tmp/numbers"
ok "the same by a column of numbers" cmp "$tmp/uplift" "$tmp/numbers"
score visits $uplift row.cat.arm=mail --control none -m item,user,both >"$tmp/uplift"
agree "--control; a model that knows the treatment predicts what it changes" "$set/visits-uplift-none.tsv" "$tmp/uplift"
score visits --task sampled -k 1,5 --of 1000 -m item,user >"$tmp/sampled"
agree "--task sampled: ranks among a user's rows, and Krichene and Rendle's estimate" "$set/visits-sampled.tsv" "$tmp/sampled"
contract rs-score "$set/visits.rts" --task sampled -k 1,5 --of 300 --gamma 0.5
gives visits 1 "stdin: 0 items; expected 2 .. 200000 of the full ranking, see --of" --task sampled
gives small-zeros 0 "stdin: no user has both relevant and other rows: no values" --task sampled --of 9
gives visits 2 "--gamma: not with --task rows" --gamma 0.5

contract rs-score "$set/visits.rts" --by-user --threshold best-f1 --conversion row.num.bought -q
contract rs-score "$set/visits.rts" $uplift row.cat.arm=mail --control none
contract rs-score "$set/visits.rts" --curve pr --markdown

gives visits 1 "--control: model 'both' knows 'row.cat.arm', so which of its values is no treatment?" $uplift row.cat.arm=mail
gives visits 1 "stdin: 'row.cat.arm' has no value 'letter'" $uplift row.cat.arm=letter
gives visits 1 "stdin: needs 'row.num.x'" $uplift row.num.x -m item
gives visits 2 "--treatment: 'arm' is neither row.cat.NAME=VALUE nor row.num.NAME" $uplift arm
gives visits 2 "--task uplift: --treatment is needed" --task uplift
gives visits 2 "--control: 'row.num.x' has no values" $uplift row.num.x --control none
gives visits 2 "--treatment: not with --task rows" --treatment row.num.x
gives visits 0 "stdin: 229 rows were treated and 0 were not: no uplift" $uplift row.num.constant
gives visits 2 "--curve: 'roc' is neither pr nor calibration" --curve roc
gives visits 2 "--threshold: 'best' is neither in 0..1 nor best-f1" --threshold best
gives visits 2 "--conversion: 'label' is not row.num.NAME" --conversion label
gives visits 1 "stdin: needs 'row.num.x'" --conversion row.num.x
gives visits 1 "stdin: there is a conversion 2 in 'row.num.two'; expected 0 and 1" --conversion row.num.two
gives stars 1 "stdin: there is a label .*; thresholds, conversions and values within users are of labels" --by-user
gives stars 1 "stdin: labels are ratings; curves are" --curve pr
gives small-zeros 1 "stdin: all 4 labels are 0: there is no recall" --curve pr
gives small-constant 1 "stdin: no row is in part 1, where thresholds are chosen" --threshold best-f1
gives small-zeros 1 "stdin: no row is in part 1, where thresholds are chosen" --threshold best-f1

score visits -m item,user --by row.cat.arm >"$tmp/slices"
agree "--by row.cat.X: as if the other rows were not there" "$set/visits-slices.tsv" "$tmp/slices"
score visits -m item,user --by item.popularity --groups 2 >"$tmp/slices"
agree "--by item.popularity: by rows of train" "$set/visits-popular.tsv" "$tmp/slices"
is "a table names the slice with the model" "item none user none" \
	"$(echo $(score visits -m item,user --by row.cat.arm --table | sed -n '6,7s/  .*//p'))"
score visits -m item,user --bootstrap 300 >"$tmp/tested"
agree "--bootstrap: differences and t-tests of users, as scipy has them" "$set/visits-tests.tsv" "$tmp/tested"
ok "values are inside their intervals, and p is a share" awk -F'\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ split("auc logloss brier", v, " "); for (i in v) bad += !($c[v[i] ".low"] < $c[v[i]] && $c[v[i]] < $c[v[i] ".high"]) }
	$1 == "user" { bad += !($c["brier.p_perm"] > 0 && $c["brier.p_perm"] <= 1) || !($c["auc.diff.low"] < $c["auc.diff"]); n++ }
	END { exit bad > 0 || n != 1 }' "$tmp/tested"
ok "of ratings, too" sh -c 'rs-score -q --bootstrap 20 --against alone <"$0" | head -1 | grep -q "rmse.low.*rmse.p_t.*mae.diff.high"' "$set/stars.rts"
contract rs-score "$set/visits-weighted.rts" -q -m item,user --bootstrap 20 --by row.cat.arm --by-user --threshold best-f1
gives visits 1 "--against: no model 'x' is scored; there is 'item' and others" --bootstrap 9 --against x
gives visits 2 "--by: 'label' is none of row.cat.NAME, user.cat.NAME" --by label
gives visits 1 "stdin: needs 'row.cat.x'" --by row.cat.x
gives visits 1 "stdin: needs 'user.cat.x'" --by user.cat.x

# ---- seeds ----

rs-pick -q --rename 'model.teacher.*=model.net_s1.*' --rename 'model.alone.*=model.net_s2.*' <"$set/clicks.rts" >"$tmp/seeds.rts"
rs-score -q --seeds <"$tmp/seeds.rts" >"$tmp/pooled"
is "--seeds: models, how many, parameters" "net 2 61 student 1 61" \
	"$(echo $(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $1, $2, $c["parameters"] }' "$tmp/pooled"))"
is "mean and deviation of two" "$(column auc <"$tmp/clicks.tsv" | awk 'NR < 3 { s += $1; q += $1 * $1 } END { printf "%.8f %.8f", s / 2, sqrt(q - s * s / 2) }')" \
	"$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR == 2 { printf "%.8f %.8f", $c["auc"], $c["auc.sd"] }' "$tmp/pooled")"
is "one has no deviation" "" "$(column auc.sd <"$tmp/pooled" | tail -1)"
contract rs-score "$tmp/seeds.rts" --seeds -q
gives clicks 2 "--seeds: not with --bootstrap or --curve" --seeds --curve pr

rank() { # rank STREAM ARG...: the ranking task at the cutoffs of the fixtures
	stream=$1; shift
	score "$stream" -q --task ranking --k 1,5,50 "$@"
}
contract rs-score "$set/ranking-stars.rts" --task ranking --k 5,10
for tool in own trec_eval lenskit; do
	rank ranking-stars --relevant 4 --as $tool >"$tmp/$tool"
	agree "ranking as $tool" "$set/ranking-stars-$tool.tsv" "$tmp/$tool"
done
for pair in recbole:own ranx:trec_eval; do
	rank ranking-stars --relevant 4 --as ${pair%:*} >"$tmp/same"
	ok "the values of ${pair%:*} are those of ${pair#*:}" cmp "$tmp/${pair#*:}" "$tmp/same"
done
rank ranking-stars --relevant 5 --part valid --keep-seen >"$tmp/ranked"
agree "part valid, with what was seen" "$set/ranking-stars-valid.tsv" "$tmp/ranked"
rank ranking-clicks >"$tmp/ranked"
ok "labels 0 and 1: no graded NDCG, it is the binary one" sh -c '! grep -q graded "$0"' "$tmp/ranked"
cut -f"$(head -1 "$set/ranking-clicks.tsv" | tr '\t' '\n' | grep -vn graded | cut -d: -f1 | paste -sd,)" \
	"$set/ranking-clicks.tsv" >"$tmp/binary"
agree "clicks" "$tmp/binary" "$tmp/ranked"
for level in base v3; do
	RS_SIMD=$level rs-score -q --task ranking --k 1,5,50 <"$set/ranking-clicks.rts" >"$tmp/level"
	ok "the same bytes with $level" cmp "$tmp/ranked" "$tmp/level"
done
is "--cost measures" 3 "$(rank ranking-stars --cost | column ns_user | grep -c '^[0-9.]*$')"
is "--models" "ties mf" "$(echo $(rank ranking-stars --models ties,mf | column model))"
ok "a Markdown table" sh -c 'rs-score --task ranking --k 5 -q --markdown <"$0" | grep -q "^| mf | 0[.]"' \
	"$set/ranking-stars.rts"
ok "a LaTeX table" sh -c 'rs-score --task ranking --k 5 -q --latex <"$0" | grep -q "^model & precision@5 & .*hr@5.* [\\][\\]$"' \
	"$set/ranking-stars.rts"
ranking="--task ranking --relevant"
gives ranking-stars 0 "stdin: [0-9]* relevant items of part 2 were the user's before" $ranking 4
gives ranking-stars 0 "stdin: [0-9]* users with rows in part 2 have nothing relevant" $ranking 4
gives ranking-stars 0 "--k: 50 is more than the 41 items" $ranking 4 -k 50
gives ranking-stars 1 "stdin: no user has a relevant item in part 2 .*--relevant" $ranking 9
gives small-zeros 1 "stdin: no 'part' in the stream" $ranking 1
gives small-constant 1 "stdin: no row is in part 1" $ranking 1 -p valid
gives small-rows 1 "stdin: no model" $ranking 1
gives small-late 0 "stdin: [0-9]* users with rows in part 2" $ranking 1
gives small-label 1 "stdin: no 'part'" $ranking 1
gives clicks 2 "--k: the cutoffs of '5,5' do not ascend" --task ranking --k 5,5
gives clicks 2 "--k: 'x' is not a list" --task ranking --k 5,x
gives clicks 2 "--k: 0 is not in" --task ranking --k 0
gives clicks 2 "--relevant: 'x' is not a number" $ranking x
gives clicks 2 "--as: 'x' is none of own" --task ranking --as x
gives clicks 2 "--ties: 'x' is none of id, optimistic, pessimistic, mean" --task ranking --ties x
gives clicks 2 "--sampled, --ties mean: not together" --task ranking --sampled 9 --ties mean
gives clicks 2 "--repeats: only with --sampled" --task ranking --repeats
gives clicks 2 "--sampled: not with --task rows" --sampled 9

# ---- equal scores, sampled negatives ----

for rule in optimistic pessimistic mean; do
	rank ranking-stars --relevant 4 --ties $rule >"$tmp/ranked"
	agree "--ties $rule: as a sort, or scikit-learn, has it" "$set/ranking-stars-$rule.tsv" "$tmp/ranked"
done
rank ranking-stars --relevant 4 --as sklearn >"$tmp/ranked"
agree "--as sklearn: ndcg_score, binary and graded" "$set/ranking-stars-mean.tsv" "$tmp/ranked"
rank ranking-stars --relevant 4 --ties id >"$tmp/ranked"
rank ranking-stars --relevant 4 >"$tmp/plain"
ok "--ties id is the default" cmp "$tmp/plain" "$tmp/ranked"
rank ranking-stars --relevant 4 --sampled 9 >"$tmp/ranked"
agree "--sampled: as scipy's hypergeometric distribution has it" "$set/ranking-stars-sampled.tsv" "$tmp/ranked"
rank ranking-stars --relevant 4 --sampled 9 --repeats >"$tmp/repeats"
agree "--repeats: the binomial" "$set/ranking-stars-repeats.tsv" "$tmp/repeats"
is "it is said in the table" 9 "$(column negatives <"$tmp/ranked" | head -1)"
ok "nothing is said of lists" sh -c '! grep -qE "novelty|coverage|precision" "$0"' "$tmp/ranked"
contract rs-score "$set/ranking-stars.rts" --task ranking -k 5 --relevant 4 --sampled 9 --repeats
contract rs-score "$set/ranking-stars.rts" --task ranking -k 5 --relevant 4 --ties mean
for level in base v3; do
	RS_SIMD=$level rs-score -q --task ranking --k 1,5,50 --relevant 4 --sampled 9 <"$set/ranking-stars.rts" >"$tmp/level"
	ok "the same bytes with $level" cmp "$tmp/ranked" "$tmp/level"
done

# ---- intervals, tests, slices, users ----

rank ranking-stars --relevant 4 --bootstrap 200 --against young >"$tmp/tested"
agree "differences and t-tests: as scipy has them" "$set/ranking-stars-tests.tsv" "$tmp/tested"
ok "the mean is inside its interval, and p is a share" awk -F'\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ v = "novelty@5"; bad += !($c[v ".low"] < $c[v] && $c[v] < $c[v ".high"]) }
	$1 != "young" { bad += !($c[v ".p_perm"] > 0 && $c[v ".p_perm"] <= 1); n++ }
	END { exit bad > 0 || n != 2 }' "$tmp/tested"
contract rs-score "$set/ranking-stars.rts" --task ranking -k 5 --relevant 4 --bootstrap 50
rank ranking-stars --relevant 4 --bootstrap 200 --against young --seed 2 >"$tmp/other"
ok "another seed, another interval" sh -c '! cmp -s "$0" "$1"' "$tmp/tested" "$tmp/other"
rank ranking-stars --relevant 4 --by user.cat.group >"$tmp/slices"
agree "slices: as if the others were not there" "$set/ranking-stars-slices.tsv" "$tmp/slices"
is "a table names the slice with the model" "mf mf old mf new" \
	"$(echo $(rank ranking-stars --relevant 4 --by user.cat.group --models mf --table | sed -n '4,6s/  .*//p'))"
rank ranking-stars --relevant 4 --per-user "$tmp/users" >"$tmp/own"
is "the mean over --per-user is what is printed" "$(column ndcg@5 <"$tmp/own" | head -1)" \
	"$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } $1 == "mf" { s += $c["ndcg@5"]; n++ }
		END { printf "%.10g", s / n }' "$tmp/users")"
rank ranking-stars --relevant 4 --by item.cat.kind --diversity item.bag.tags >"$tmp/items"
agree "--by item.cat.X: relevant items of one kind, exposure; --diversity" "$set/ranking-stars-items.tsv" "$tmp/items"
rank ranking-stars --relevant 4 --by item.popularity --groups 3 --diversity item.bag.tags >"$tmp/items"
agree "--by item.popularity: groups with equal shares of train" "$set/ranking-stars-popular.tsv" "$tmp/items"
rank ranking-stars --relevant 4 --by user.activity --groups 2 >"$tmp/items"
is "--by user.activity: everybody in one of the groups" "20 20" \
	"$(awk -F'\t' '$1 == "mf" { if ($2 == "all") all = $4; else sum += $4 } END { print all, sum }' "$tmp/items")"
is "--diversity of a category: 0 when all are of one kind, else how many pairs are not" yes \
	"$(rank ranking-stars --relevant 4 --diversity item.cat.kind | column diversity@5 | awk '$1 < 0 || $1 > 1 { exit 1 } END { print "yes" }')"
contract rs-score "$set/ranking-stars.rts" --task ranking -k 5 --relevant 4 --by item.popularity --diversity item.bag.tags --bootstrap 20
rs-pick -q --rename 'model.mf.*=model.a_s1.*' --rename 'model.young.*=model.a_s2.*' <"$set/ranking-stars.rts" >"$tmp/seeds.rts"
is "--seeds of a ranking, slice by slice" "a all 2 20 a old 2 11 a new 2 9 ties all 1 20 ties old 1 11 ties new 1 9" \
	"$(echo $(rs-score -q --task ranking -k 5 --relevant 4 --seeds --by user.cat.group <"$tmp/seeds.rts" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $1, $c["user.cat.group"], $2, $c["users"] }'))"
gives ranking-stars 2 "--by item.popularity: not with --sampled or --ties" $ranking 4 --by item.popularity --sampled 9
gives ranking-stars 2 "--diversity: 'item.num.x' is neither item.cat.NAME nor item.bag.NAME" $ranking 4 --diversity item.num.x
gives ranking-stars 1 "stdin: needs 'item.bag.x.at'" $ranking 4 --diversity item.bag.x
gives ranking-stars 1 "stdin: needs 'item.cat.x'" $ranking 4 --by item.cat.x
mkfifo "$tmp/pipe"
{ cat "$tmp/pipe" >"$tmp/piped" & rank ranking-stars --relevant 4 --per-user "$tmp/pipe" >"$tmp/scores"; wait; }
ok "--per-user to what is no regular file: it is written to, not replaced" test -p "$tmp/pipe" -a -s "$tmp/piped"
gives ranking-stars 1 "/no/folder/x: No such file" $ranking 4 --per-user /no/folder/x
gives ranking-stars 2 "--against: .*only with --bootstrap" $ranking 4 --against mf
gives ranking-stars 2 "--groups: only with --by" $ranking 4 --groups 3
gives ranking-stars 1 "--against: no model 'x' is scored; there is 'mf'" $ranking 4 --bootstrap 9 --against x
gives ranking-stars 2 "--by: 'item' is none of user.cat.NAME, item.cat.NAME" $ranking 4 --by item
gives ranking-stars 1 "stdin: needs 'user.cat.x'" $ranking 4 --by user.cat.x
gives stars 2 "--bootstrap: not with --task sampled" --task sampled --bootstrap 9

# some items only: y is the most popular that a had not, of sort g it is z
printf 'user,item,label,part\na,x,1,0\nb,y,1,0\nc,y,1,0\nc,z,1,0\na,z,1,2\na,w,1,2\nb,y,1,2\n' >"$tmp/few.csv"
printf 'item,sort\nx,h\ny,h\nz,g\nw,g\n' >"$tmp/few-items.csv"
rs-import -q "$tmp/few.csv" --part part --items "$tmp/few-items.csv" --item-cat sort | rs-mf -q --algo popularity >"$tmp/few.rts"
few() { rs-score -q --task ranking --k 1,2 "$@" <"$tmp/few.rts" | column "$what"; }
what=precision@1
is "all items: y is in the way" 0 "$(few)"
is "--items-where: z comes first" 1 "$(few --items-where item.cat.sort=g)"
is "whoever has nothing relevant there does not count" 1 "$(what=users few --items-where item.cat.sort=g)"
is "coverage is of the candidates" 1 "$(what=coverage@2 few --items-where item.cat.sort=g)"
is "so are sampled negatives: there is none" 1 "$(what=hr@1 few --items-where item.cat.sort=g --sampled 1 2>/dev/null)"
gives stars 2 "--items-where: not with --task rows" --items-where item.cat.sort=g
done_testing
