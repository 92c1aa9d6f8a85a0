#!/bin/sh
# The streams are made by tests/fixtures/mf/make.py.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/mf

mf() { # mf STREAM ARG...
	stream=$set/$1.rts; shift
	rs-mf "$@" <"$stream"
}
rmse() { scored rmse "$@"; } # rmse PART FILE: of the first model
has() { # has STREAM NAME: a tensor frame of that name
	gzip -dcf "$1" | grep -aq "$2"
}

contract rs-mf "$set/planted.rts" --epochs 3

mf planted -k 4 -e 60 --l2 .02 --decay .97 >"$tmp/model" 2>"$tmp/err"
below "planted factors are found: test RMSE, deviation 1.4, noise 0.1" 0.35 "$(rmse test "$tmp/model")"
kept=$(sed -n 's/.*epoch \([0-9]*\) is kept.*/\1/p' "$tmp/err")
told=$(sed -n 's/.*is kept.*valid RMSE \([0-9.]*\).*/\1/p' "$tmp/err")
least=$(sed -n 's/.*epoch [0-9]*: .*valid RMSE \([0-9.]*\).*/\1/p' "$tmp/err" | sort -n | head -1)
is "the best epoch is kept" "$least" "$told"
is "and its model is written" "$told" "$(printf %.4f "$(rmse valid "$tmp/model")")"
ok "and its number" has "$tmp/model" "^epoch=$kept\$"
first=$(mf planted --patience 1 --rate .3 --decay 1 2>&1 >/dev/null | grep -c '^rs-mf: epoch')
ok "--patience stops early ($first epochs)" test "$first" -lt 30
is "one line an epoch" 7 "$(mf planted -e 7 --patience 0 2>&1 >/dev/null | grep -c '^rs-mf: epoch [1-7]: train RMSE')"
is "-q is silent" "" "$(mf planted -e 2 -q 2>&1 >/dev/null)"

gzip -dcf "$tmp/model" >"$tmp/plain"
at() { grep -abo "$1" "$tmp/plain" | head -1 | cut -d: -f1; }
ok "the model lies ahead of the rows" test "$(at model.mf.item.factors)" -lt "$(at label)"
ok "what it does not know goes on" has "$tmp/model" other
for level in base v3; do
	RS_SIMD=$level rs-mf -k 4 -e 60 --l2 .02 --decay .97 -q <"$set/planted.rts" >"$tmp/$level"
	ok "the same bytes with RS_SIMD=$level" cmp "$tmp/model" "$tmp/$level"
done
mf planted -q -s 2 >"$tmp/two"
mf planted -q -s 2 >"$tmp/two again"
mf planted -q -s 3 >"$tmp/three"
ok "the same seed, the same bytes" cmp "$tmp/two" "$tmp/two again"
ok "another seed, another model" test "$(rmse valid "$tmp/two")" != "$(rmse valid "$tmp/three")"
mf weighted -q -s 2 >"$tmp/weighted"
is "weights of 1 change nothing" "$(rmse test "$tmp/two")" "$(rmse test "$tmp/weighted")"

mf whole -e 5 >"$tmp/whole" 2>"$tmp/err"
ok "without part: said, all epochs, the last kept" sh -c \
	'grep -q "no rows of part 1" "$1" && grep -q "^rs-mf: epoch 5: train" "$1"' - "$tmp/err"
mf matrix -q -k 2 -e 2000 --decay 1 --l2 .002 >"$tmp/matrix"
below "the 5 x 4 matrix: RMSE of the 14 known cells" 0.15 "$(rmse 0 "$tmp/matrix")"

rs-mf -q --as second -k 2 <"$tmp/two" >"$tmp/both"
is "--as: two models in one stream" "mf second" \
	"$(echo $(rs-score -q --tsv <"$tmp/both" | sed 1d | cut -f1))"
twice() { rs-mf "$@" <"$tmp/two"; }
fails "a second model of one name is refused" 1 "'model.mf.spec' is already in the stream" twice -q
twice -q -s 3 --replace >"$tmp/replaced"
is "--replace replaces" "$(rmse test "$tmp/three")" "$(rmse test "$tmp/replaced")"

fails "--dim 0" 2 "^rs-mf: --dim: 0 is not in" rs-mf --dim 0
fails "--dim 5000" 2 "^rs-mf: --dim: 5000 is not in" rs-mf --dim 5000
fails "--rate -1" 2 "^rs-mf: --rate: -1 is not in" rs-mf --rate -1
fails "--as a.b" 2 "^rs-mf: --as: 'a.b'" rs-mf --as a.b
fails "a rate too high: says which epoch and what to do" 1 \
	"epoch [0-9]*: training diverges; try a --rate lower than 30" mf planted --rate 30
fails "svdpp: so does it" 1 "epoch [0-9]*: training diverges; try a --rate lower than 30" mf planted --algo svdpp --rate 30
mf planted -q --rate 30 -o "$tmp/never" 2>/dev/null
ok "and --output leaves no file" test ! -e "$tmp/never"
is "and leaves no whole stream" 1 "$(mf planted -q --rate 30 2>/dev/null | rs-score >/dev/null 2>&1; echo $?)"
while read -r stream message; do
	fails "$stream: refused" 1 "^rs-mf: .*$message" mf "$stream"
done <<-'END'
	nan label of row 2 is nan; expected
	infinite label of row 3 is -inf; expected
	no-label needs 'label'
	integers 'label'
	short 'label' has 3 rows, 'user' 4
	empty nothing to train on
	no-train none of 4 rows is of part 0
	huge 4000000001 users, 2 items and --dim 32 need
	last-id 'item': 4294967295 is too large an id
	negative weight of row 2 is -1; expected
	weightless weights of all 4 training rows are 0
END
for stream in hidden one-user one-item one-row constant; do
	mf "$stream" -q -k 2 >"$tmp/odd"
	below "$stream: works" 1.2 "$(rmse 0 "$tmp/odd")"
done

# another day
weights() { # weights FILE: the model's tensors, without the history
	rs-pick -q 'model.mf.*' <"$1" | rs-show --digest
}
resumed() { # resumed NAME STREAM ARG...: in three sessions as in one
	what=$1 from=$2; shift 2
	rs-mf -q "$@" --epochs 9 --resumable <"$from" >"$tmp/once"
	rs-mf -q "$@" --epochs 2 --resumable <"$from" | rs-mf -q "$@" --epochs 5 --resumable --resume |
		rs-mf -q "$@" --epochs 9 --resumable --resume >"$tmp/thrice"
	is "$what: resumed twice, the same bytes" "$(weights "$tmp/once")" "$(weights "$tmp/thrice")"
}
resumed "sgd" "$set/planted.rts" -k 5
resumed "sgd without part 1" "$set/whole.rts" -k 5
resumed "sgd, over before the second session" "$set/planted.rts" --rate .3 --decay 1 --patience 1
rs-mf -q -k 5 -e 3 --resumable <"$set/planted.rts" >"$tmp/three"
rs-mf -q -k 5 -e 3 --resume <"$tmp/three" >"$tmp/bare"
mf planted -q -k 5 -e 3 >"$tmp/plain"
is "nothing left to do: the model without what it would need" "$(weights "$tmp/plain")" "$(weights "$tmp/bare")"
again() { rs-mf -q -k 5 -e 9 --resume "$@" <"$tmp/three"; }
fails "--resume with another rate" 1 "'mf' was trained with rate=0.05, not rate=0.1" again --rate .1
fails "--resume with another dim" 1 "'mf' was trained with dim=5, not dim=6" again -k 6
fails "--resume with another algo" 1 "'mf' was trained with algo=sgd, not algo=ials" again -a ials
fails "--resume without a model" 1 "no model 'x' ahead of this stage; --resume" again --as x
fails "--resume of a model that has nothing for it" 1 "make one with --resumable" \
	sh -c 'rs-mf --resume -k 5 -e 9 <"$1"' - "$tmp/plain"
fails "--resume on other rows" 1 "'mf' was trained on other rows" sh -c \
	'rs-pick -q "model.*" <"$1" | cat - "$2" | rs-mf -k 5 -e 9 --resume' - "$tmp/three" "$set/weighted.rts"
fails "--resume of ease" 2 "^rs-mf: --resume: ease has no epochs" rs-mf --algo ease --resume
for wrong in "--algo sgd --alpha 1" "--algo sgd --trace x" "--algo als --rate .1" "--algo ials --l2 1" "--algo ease --dim 9" "--algo mean --epochs 3" "--algo svdpp --batch 9"; do
	fails "an option of another algorithm: $wrong" 2 "^rs-mf: --[a-z0-9]*: has no effect with --algo [a-z]*; it is of" rs-mf $wrong
done
fails "--resume and --init" 2 "^rs-mf: --init: --resume starts" rs-mf --init x --resume
rs-mf -q --as warm --init mf -k 5 -e 1 <"$tmp/three" >"$tmp/warm"
mf planted -q -k 5 -e 1 >"$tmp/cold"
below "--init starts where the other model was" "$(rmse valid "$tmp/cold")" \
	"$(rs-pick -q --drop 'model.mf.*' <"$tmp/warm" >"$tmp/only"; rmse valid "$tmp/only")"
ok "--init leaves the other model there" has "$tmp/warm" model.mf.user.factors
fails "--init without a model" 1 "no model 'x' ahead of this stage; --init" mf planted --init x
mf planted -q --algo ease >"$tmp/ease"
fails "--init from a model without factors" 1 "'mf' has no factors" sh -c 'rs-mf --as b --init mf <"$1"' - "$tmp/ease"

# ratings by other ways
everywhere() { # everywhere NAME STREAM ARG...: a contract, the same bytes on any instruction set, odd streams
	what=$1 from=$2; shift 2
	contract rs-mf "$from" "$@"
	cp "$tmp/threads.1" "$tmp/made"
	for level in base v3 v4; do
		RS_SIMD=$level rs-mf -q "$@" <"$from" >"$tmp/$level"
		ok "$what: the same bytes with RS_SIMD=$level" cmp "$tmp/made" "$tmp/$level"
	done
	for stream in one-user one-item one-row constant; do
		mf $stream -q "$@" >"$tmp/odd"
		below "$what, $stream: works" 4 "$(rmse 0 "$tmp/odd")"
	done
	while read -r stream message; do
		fails "$what, $stream: refused" 1 "^rs-mf: .*$message" mf "$stream" "$@"
	done <<-'END'
		nan label of row 2 is nan; expected
		no-train none of 4 rows is of part 0
		huge 4000000001 users, 2 items and --dim [0-9]* need
		last-id 'item': 4294967295 is too large an id
	END
}
ratings() { # ratings NAME ARG...: a way to learn ratings
	way=$1; shift
	everywhere "$way" "$set/planted.rts" "$@"
	below "$way: planted factors are found" 0.45 "$(rmse test "$tmp/made")"
	resumed "$way" "$set/planted.rts" "$@"
	mf planted -q "$@" --as i >"$tmp/two"
	mf weighted -q "$@" --as i >"$tmp/weighted"
	is "$way: weights of 1 change nothing" "$(rmse test "$tmp/two")" "$(rmse test "$tmp/weighted")"
}
ratings "svdpp" --algo svdpp -k 4 -e 60 --l2 .02 --decay .97 --reg .1
mf planted -q --algo svdpp -k 4 --reg .1 >"$tmp/two"
mf planted -q --algo svdpp -k 4 >"$tmp/three"
ok "svdpp: --reg matters" test "$(weights "$tmp/two")" != "$(weights "$tmp/three")"
ratings "als" --algo als -k 4 --reg .01
ratings "als, cg" --algo als -k 5 --reg .01 --solver cg
fails "als: --dim 1024" 2 "^rs-mf: --dim: 1024 is not in 1..1023" mf planted --algo als --dim 1024

# positives; without part 1, so that all epochs are run
teachable
rs-split -q --replace --valid 0 --seed 3 <"$tmp/clicks.rts" >"$tmp/all.rts"
fails "ids beyond the dictionary that came with them" 1 "'item' has id 99999, but 'vocab.item' knows 40" sh -c \
	'rs-pick -q "vocab.*" <"$1" | cat - "$2" | rs-mf' - "$tmp/clicks.rts" "$set/last-item.rts"
for solver in cg cholesky; do
	contract rs-mf "$tmp/all.rts" --algo ials --solver $solver -k 5
	cp "$tmp/threads.1" "$tmp/ials"
	above "ials, $solver: made clicks are learned" 0.73 "$(scored auc test "$tmp/ials")"
	for level in base v3; do
		RS_SIMD=$level rs-mf -q --algo ials --solver $solver -k 5 <"$tmp/all.rts" >"$tmp/$level"
		ok "ials, $solver: the same bytes with RS_SIMD=$level" cmp "$tmp/ials" "$tmp/$level"
	done
done
resumed "ials" "$tmp/clicks.rts" --algo ials -k 5
rs-mf --algo ials -k 5 <"$tmp/clicks.rts" 2>"$tmp/err" >"$tmp/ials"
told=$(sed -n 's/.*is kept: valid NDCG@20 \([0-9.]*\).*/\1/p' "$tmp/err")
most=$(sed -n 's/.*epoch [0-9]*: valid NDCG@20 \([0-9.]*\).*/\1/p' "$tmp/err" | sort -n | tail -1)
is "ials: the epoch with the best NDCG@20 on part 1 is kept" "$most" "$told"
is "and rs-score finds the same" "$told" "$(printf %.4f "$(rs-score -q --tsv --task ranking --part valid <"$tmp/ials" |
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@20") c = i } NR == 2 { print $c }')")"
mf planted -q --algo ials --as i >"$tmp/two"
mf weighted -q --algo ials --as i >"$tmp/weighted"
is "ials: weights of 1 change nothing" "$(rmse test "$tmp/two")" "$(rmse test "$tmp/weighted")"
ok "its spec says how" has "$tmp/two" '^reg=0.007$'
fails "--algo x" 2 "^rs-mf: --algo: 'x' is not" mf planted --algo x
fails "--solver x" 2 "^rs-mf: --solver: 'x' is not cg or cholesky" mf planted --algo ials --solver x
fails "--nu 2" 2 "^rs-mf: --nu: 2 is not in" rs-mf --nu 2
for stream in one-user one-item one-row constant; do
	mf $stream -q --algo ials -k 2 >"$tmp/odd"
	ok "ials, $stream: scores are finite" test -n "$(rmse 0 "$tmp/odd")"
done
while read -r stream message; do
	fails "ials, $stream: refused" 1 "^rs-mf: .*$message" mf "$stream" --algo ials
done <<-'END'
	nan label of row 2 is nan; expected
	no-train none of 4 rows is of part 0
	huge 4000000001 users, 2 items and --dim 32 need
END

# pairs
contract rs-mf "$tmp/clicks.rts" --algo bpr -k 5 -e 6 --every 2 --metric ndcg@5 --item-bias
for optimizer in adam lazy; do
	bpr() { rs-mf -q --algo bpr -k 8 -e 40 --rate .01 --l2 .02 --metric ndcg@5 --optimizer $optimizer "$@" <"$tmp/clicks.rts"; }
	bpr --trace "$tmp/curve" --trace-part 2 >"$tmp/bpr"
	rs-mf -q --algo popularity --as popular <"$tmp/bpr" | rs-score -q --task ranking --tsv >"$tmp/ranked"
	ok "bpr, $optimizer: ranks better than popularity" awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i }
		NR > 1 { got[$1] = $c } END { print got["mf"], got["popular"]; exit !(got["mf"] > got["popular"]) }' "$tmp/ranked"
	is "bpr, $optimizer: the curve has epochs 1, 6, ... and the last" "1 6 11 16 21 26 31 36 40" \
		"$(echo $(sed 1d "$tmp/curve" | cut -f 1))"
	best=$(sed 1d "$tmp/curve" | sort -t "$(printf '\t')" -k3,3gr -k1,1n | head -1)
	ok "bpr, $optimizer: the best epoch on part 1 is kept" has "$tmp/bpr" "^epoch=$(echo "$best" | cut -f 1)\$"
	is "bpr, $optimizer: and ranks part 2 as the curve says" "$(printf %.6f "$(echo "$best" | cut -f 4)")" \
		"$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i } $1 == "mf" { printf "%.6f", $c }' "$tmp/ranked")"
	for level in base v3; do
		RS_SIMD=$level bpr >"$tmp/$level"
		ok "bpr, $optimizer: the same bytes with RS_SIMD=$level" cmp "$tmp/bpr" "$tmp/$level"
	done
	bpr --negative-sampling popularity >"$tmp/other"
	ok "bpr, $optimizer: popular negatives are something else" sh -c '! cmp -s "$1" "$2"' - "$tmp/bpr" "$tmp/other"
done
is "bpr: --patience counts epochs judged" 3 "$(rs-mf --algo bpr -k 2 -e 60 --every 1 --rate 1e-9 --patience 2 \
	<"$tmp/clicks.rts" 2>&1 >/dev/null | grep -c '^rs-mf: epoch')"
fails "bpr: a rate too high says which epoch and what to do" 1 "epoch [0-9]*: training diverges .*--rate lower than 1000" \
	sh -c 'rs-mf --algo bpr -e 99 --rate 1000 --l2 1000 <"$1"' - "$tmp/clicks.rts"
everywhere "bpr, sgd" "$tmp/clicks.rts" --algo bpr --optimizer sgd -k 8 -e 30
above "bpr, sgd: made clicks are learned" 0.7 "$(scored auc test "$tmp/made")"
resumed "bpr, sgd" "$tmp/clicks.rts" --algo bpr --optimizer sgd -k 8 --negative-sampling popularity --item-bias
fails "bpr, sgd: a rate too high says which epoch and what to do" 1 "epoch [0-9]*: training diverges; try a --rate lower than 1000" \
	sh -c 'rs-mf --algo bpr --optimizer sgd -e 99 --rate 1000 --l2 1000 <"$1"' - "$tmp/clicks.rts"
fails "bpr, sgd: no --trace" 2 "^rs-mf: --metric, --every, --trace: --optimizer sgd" rs-mf --algo bpr --optimizer sgd --trace x
for optimizer in adam lazy; do
	resumed "bpr, $optimizer" "$tmp/clicks.rts" --algo bpr --optimizer $optimizer -k 5 --rate .02 --decay .8 --negatives 2 --every 3 --metric ndcg@5 --item-bias
done
rs-pick --drop part <"$tmp/clicks.rts" >"$tmp/parts"
resumed "bpr without part 1" "$tmp/parts" --algo bpr -k 5 --rate .02 --every 3
resumed "bpr, over before the second session" "$tmp/clicks.rts" --algo bpr -k 5 --rate 1e-9 --every 1 --patience 1
rs-mf -q --algo bpr -k 5 --rate .02 -e 4 --resumable <"$tmp/clicks.rts" >"$tmp/three"
printf 'user,item,label\n1,1,-1\n2,2,0\n' | rs-import -q | rs-pick label --rename label=model.mf.resume.steps >"$tmp/steps"
fails "bpr: --resume after -1 steps" 1 "'model.mf.resume.steps' is damaged" sh -c \
	'rs-pick --drop model.mf.resume.steps <"$1" | cat "$2" - | rs-mf --algo bpr -k 5 --rate .02 -e 9 --resume' - "$tmp/three" "$tmp/steps"
fails "bpr: --resume with another rate" 1 "'mf' was trained with rate=0.02, not rate=0.1" sh -c \
	'rs-mf --algo bpr -k 5 --rate .1 -e 9 --resume <"$1"' - "$tmp/three"
rs-mf -q --algo bpr -k 5 -e 1 --rate 1e-9 --every 1 --init mf --as warm <"$tmp/three" >"$tmp/warm"
is "bpr: --init starts where the other is" "$(for m in mf warm; do rs-score -q --models $m --task ranking --tsv <"$tmp/warm" |
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i } NR == 2 { print $c }'; done | uniq | wc -l | tr -d ' ')" 1
fails "--optimizer x" 2 "^rs-mf: --optimizer: 'x' is not adam, lazy or sgd" rs-mf --algo bpr --optimizer x
fails "--negative-sampling x" 2 "^rs-mf: --negative-sampling: 'x' is not uniform or popularity" rs-mf --algo bpr --negative-sampling x
fails "--negatives with sgd" 2 "^rs-mf: --negatives: --optimizer sgd draws one" rs-mf --algo bpr --optimizer sgd --negatives 2
for metric in recall recall@0 recall@ recall@5x rmse@5 recall@1001; do
	fails "--metric $metric" 2 "^rs-mf: --metric: '$metric' is not recall@K" rs-mf --algo bpr --metric $metric
done
fails "--trace-part without --trace" 2 "^rs-mf: --trace-part: needs --trace" rs-mf --algo bpr --trace-part 2
fails "--trace-part 7: there is none" 1 "no row of part 7 has a label above 0" \
	sh -c 'rs-mf --algo bpr --trace "$2" --trace-part 7 <"$1"' - "$tmp/clicks.rts" "$tmp/curve"
for stream in hidden one-user one-item one-row constant; do
	mf $stream -q --algo bpr -k 2 -e 2 >"$tmp/odd"
	ok "bpr, $stream: scores are finite" test -n "$(rmse 0 "$tmp/odd")"
done
while read -r stream message; do
	fails "bpr, $stream: refused" 1 "^rs-mf: .*$message" mf "$stream" --algo bpr
done <<-'END'
	nan label of row 2 is nan; expected
	no-train none of 4 rows is of part 0
	huge 4000000001 users, 2 items and --dim 32 need
END

# a linear model
contract rs-mf "$tmp/clicks.rts" --algo ease
cp "$tmp/threads.1" "$tmp/ease"
above "ease: made clicks are learned" 0.7 "$(scored auc test "$tmp/ease")"
for level in base v3; do
	RS_SIMD=$level rs-mf -q --algo ease <"$tmp/clicks.rts" >"$tmp/$level"
	ok "ease: the same bytes with RS_SIMD=$level" cmp "$tmp/ease" "$tmp/$level"
done
rs-mf -q --algo popularity --as popular <"$tmp/ease" | rs-score -q --task ranking --tsv >"$tmp/ranked"
ok "ease ranks better than popularity" awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i }
	NR > 1 { got[$1] = $c } END { print got["mf"], got["popular"]; exit !(got["mf"] > got["popular"]) }' "$tmp/ranked"
for stream in one-user one-item one-row constant; do
	mf $stream -q --algo ease >"$tmp/odd"
	ok "ease, $stream: scores are finite" test -n "$(rmse 0 "$tmp/odd")"
done
fails "ease: refused with the memory it would need" 1 "^rs-mf: memory: .* --algo ease need [0-9]* MiB" \
	sh -c 'rs-mf --algo ease --memory 1M <"$1"' - "$set/last-item.rts"

# baselines
for algo in bias mean popularity; do
	contract rs-mf "$set/planted.rts" --algo $algo
	mf planted -q --algo $algo >"$tmp/$algo"
	mf one-row -q --algo $algo >"$tmp/odd"
	ok "$algo, one-row: a score" test -n "$(rmse 0 "$tmp/odd")"
	fails "$algo, nan: refused" 1 "label of row 2 is nan" mf nan --algo $algo
	ok "$algo: its spec says so" has "$tmp/$algo" "^algo=$algo\$"
done
below "bias is better than mean" "$(rmse test "$tmp/mean")" "$(rmse test "$tmp/bias")"
mf planted -q -k 4 -e 60 --l2 .02 --decay .97 >"$tmp/model"
below "and sgd than bias" "$(rmse test "$tmp/bias")" "$(rmse test "$tmp/model")"
rs-mf -q --algo popularity <"$tmp/clicks.rts" >"$tmp/popular"
below "ials is better than popularity" "$(scored auc test "$tmp/ials")" "$(scored auc test "$tmp/popular")"
done_testing
