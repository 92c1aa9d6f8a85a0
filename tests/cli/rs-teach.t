#!/bin/sh
. "${0%/*}/../lib.sh"
teachable

teach() { rs-teach -q --dim 8 --hidden 16,8 --epochs 8 --batch 64 --rate 0.01 "$@"; }
weights() { rs-pick "model.$1.*" --drop "model.$1.spec" --rename "model.$1.bias=model.x.bias" | rs-show --tsv "$2"; }

contract rs-teach "$tmp/clicks.rts" --dim 8 --hidden 16,8 --epochs 2 --batch 100 --dropout 0.2
for set in base v3 v4; do
	{ RS_SIMD=$set teach --dropout 0.1 <"$tmp/clicks.rts" && RS_SIMD=$set teach --arch dcn <"$tmp/clicks.rts"; } >"$tmp/$set.rts"
	ok "the same bytes from the $set kernels" cmp "$tmp/base.rts" "$tmp/$set.rts"
done
RS_SIMD=base teach --optimizer lazy --arch fm --dim 5 <"$tmp/clicks.rts" >"$tmp/a.rts"
OMP_NUM_THREADS=3 teach --optimizer lazy --arch fm --dim 5 <"$tmp/clicks.rts" >"$tmp/b.rts"
ok "also lazily, for a width that fits no vector" cmp "$tmp/a.rts" "$tmp/b.rts"

# A large vocabulary: half of the rows share few ids, the others have ids of their own (lib/common.h).
awk 'BEGIN { state = 7; print "user,item,click"
	for (r = 0; r < 30000; r++) { state = (state * 16807) % 2147483647; few = state % 5 < 3
		print (few ? r % 37 : r) "," (few ? state % 11 : 40000 - r) "," (state % 3 == 0) } }' >"$tmp/large.csv"
rs-import -q "$tmp/large.csv" --label click | rs-split -q --seed 1 >"$tmp/large.rts"
large() { rs-teach -q --arch deepfm --optimizer $how --dim 16 --hidden 40,8 --batch 2000 --patience 0 "$@"; }
for how in lazy rowwise; do
	RS_SIMD=base OMP_NUM_THREADS=1 large --epochs 2 <"$tmp/large.rts" >"$tmp/a.rts"
	for threads in 2 3 7; do
		RS_SIMD=$([ $threads = 3 ] && echo v3 || echo v4) OMP_NUM_THREADS=$threads large --epochs 2 <"$tmp/large.rts" >"$tmp/b.rts"
		ok "$how, 30,000 ids, some common: the same bytes from $threads threads" cmp "$tmp/a.rts" "$tmp/b.rts"
	done
	large --epochs 2 --resumable <"$tmp/large.rts" | rs-show --digest >"$tmp/once"
	large --epochs 1 --resumable <"$tmp/large.rts" >"$tmp/a.rts"
	large --epochs 2 --resumable --resume <"$tmp/a.rts" | rs-show --digest >"$tmp/twice"
	ok "  and resumed" cmp "$tmp/once" "$tmp/twice"
done
is "rowwise keeps one moment for each of 24,256 embeddings, and of their first-order weights" "first second 48512" \
	"$(rs-show <"$tmp/a.rts" | awk '/resume.(first|second)/ { sub(/.*resume./, "", $1); names = names $1 " "; n[$1] = $3 }
		END { print names n["second"] - n["first"] }')"
fails "to resume with another optimiser" 1 "optimizer" sh -c 'rs-teach -q --dim 16 --hidden 40,8 --batch 2000 --optimizer lazy --resume <"$0"' "$tmp/a.rts"

# Many numbers in small batches: each of two threads has half of them (lib/halves.h).
awk 'BEGIN { state = 7; printf "user,item,click"; for (j = 0; j < 300; j++) printf ",x" j; print ""
	for (r = 0; r < 600; r++) { printf "%d,%d,%d", r, r % 9, r % 3 == 0
		for (j = 0; j < 300; j++) { state = (state * 16807) % 2147483647; printf ",%.3f", state / 2147483647 + (j == 7 && r % 3 == 0) }
		print "" } }' >"$tmp/many.csv"
rs-import -q "$tmp/many.csv" --label click --num 4-303 | rs-split -q --seed 1 >"$tmp/many.rts"
many() { rs-teach -q --arch mlp --features row.num.x --hidden 32,4 --batch 20 --patience 0 --rate 0.01 "$@"; }
RS_SIMD=base OMP_NUM_THREADS=1 many --epochs 3 <"$tmp/many.rts" >"$tmp/a.rts"
for threads in 2 3 7; do
	RS_SIMD=$([ $threads = 3 ] && echo v3 || echo v4) OMP_NUM_THREADS=$threads many --epochs 3 <"$tmp/many.rts" >"$tmp/b.rts"
	ok "300 numbers: the same bytes from $threads threads" cmp "$tmp/a.rts" "$tmp/b.rts"
done
above "  and it learns: AUC above .8" .8 "$(scored auc test "$tmp/a.rts")"
many --epochs 3 --resumable <"$tmp/many.rts" | rs-show --digest >"$tmp/once"
many --epochs 2 --resumable <"$tmp/many.rts" >"$tmp/a.rts"
many --epochs 3 --resumable --resume <"$tmp/a.rts" | rs-show --digest >"$tmp/twice"
ok "  and resumed" cmp "$tmp/once" "$tmp/twice"

# Users and items of the same kind like each other: pairs are needed to see it.
for arch in lr fm mlp wide-deep deepfm dcn; do
	teach --arch $arch <"$tmp/clicks.rts" >"$tmp/$arch.rts"
done
above "lr sees the hour only: AUC above .52," .52 "$(scored auc test "$tmp/lr.rts")"
below "  below .66" .66 "$(scored auc test "$tmp/lr.rts")"
for arch in fm mlp wide-deep deepfm dcn; do
	above "$arch sees the pairs: AUC above .72" .72 "$(scored auc test "$tmp/$arch.rts")"
done

for how in "adamw --l2-layers 0.01" adagrad "sgd --rate 0.5 --clip 0.05" "adam --rate-schedule cosine --warmup 1" \
	"lazy --rate-schedule step:3:0.5 --clip 0.001" "rowwise --clip-norm 0.1 --unknown-rate 0.05" "rowwise --arch dcn --dim 5" "adam --class-weights balanced" "adam --class-weights 1,3"; do
	RS_SIMD=base OMP_NUM_THREADS=1 teach --rate 0.03 --optimizer $how <"$tmp/clicks.rts" >"$tmp/a.rts"
	OMP_NUM_THREADS=3 teach --rate 0.03 --optimizer $how <"$tmp/clicks.rts" >"$tmp/b.rts"
	ok "$how: the same bytes" cmp "$tmp/a.rts" "$tmp/b.rts"
	above "  and it learns: AUC above .72" .72 "$(scored auc test "$tmp/a.rts")"
done
cross="--cross user.cat.age*item.bag.genres --cross user*item*row.cat.device --cross-bits 10"
for how in "two-tower --features user,user.cat.age,item,item.bag.genres" "two-tower --norm batch --unknown-rate 0.1 --features user,item" \
	"wide-deep $cross --activation tanh" "lr $cross --bags sum" "deepfm --norm layer --dropout 0.1" "dcn --norm batch --activation sigmoid" \
	"mlp --hidden 60,8 --batch 32 --features user,item" "dcn --hidden 50,8 --batch 40 --norm batch --dropout 0.1" \
	"deepfm --hidden 300,140 --batch 400 --dropout 0.4" "deepfm --clip-norm 0.05 --optimizer sgd --rate 0.5" "wide-deep $cross --clip-norm 0.001 --optimizer lazy"; do
	RS_SIMD=base OMP_NUM_THREADS=1 teach --arch $how <"$tmp/clicks.rts" >"$tmp/a.rts"
	RS_SIMD=v3 OMP_NUM_THREADS=7 teach --arch $how <"$tmp/clicks.rts" >"$tmp/b.rts"
	OMP_NUM_THREADS=2 teach --arch $how <"$tmp/clicks.rts" >"$tmp/c.rts"
	ok "$how: the same bytes" sh -c 'cmp "$0/a.rts" "$0/b.rts" && cmp "$0/a.rts" "$0/c.rts"' "$tmp"
	above "  and it learns: AUC above .72" .72 "$(scored auc test "$tmp/a.rts")"
done
OMP_NUM_THREADS=3 teach --arch wide-deep $cross --clip-norm 0.001 --optimizer lazy <"$tmp/clicks.rts" >"$tmp/a.rts"
ok "and with 3 threads" cmp "$tmp/a.rts" "$tmp/c.rts"
teach --arch wide-deep $cross --clip-norm 1e6 --optimizer lazy <"$tmp/clicks.rts" >"$tmp/a.rts"
teach --arch wide-deep $cross --optimizer lazy <"$tmp/clicks.rts" >"$tmp/b.rts"
is "a norm that is never reached changes nothing" "$(rs-pick -q -d '*.spec' <"$tmp/b.rts" | rs-show --digest)" \
	"$(rs-pick -q -d '*.spec' <"$tmp/a.rts" | rs-show --digest)"
is "the model says how it was clipped" "clip-norm=1000000" "$(rs-show --tsv model.teacher.spec <"$tmp/a.rts" | grep clip)"
fails "clipped one by one and together" 2 "^rs-teach: --clip-norm: gradients are clipped one by one, by --clip, or together" rs-teach --clip 1 --clip-norm 1
teach --arch two-tower <"$tmp/clicks.rts" 2>"$tmp/log" >"$tmp/a.rts"
is "two-tower leaves out what is of the rows" "features=user,item,user.cat.age,item.num.price,item.bag.genres" \
	"$(rs-show --tsv model.teacher.spec <"$tmp/a.rts" | grep ^features)"
ok "and ranks all items" sh -c 'rs-recommend -q -n 3 <"$0" | head -4 | grep -q "^u[0-9]*,3,i"' "$tmp/a.rts"
fails "two-tower of rows" 2 "'row.num.hour' is of the rows" sh -c 'rs-teach --arch two-tower --features user,item,row.num.hour <"$0"' "$tmp/clicks.rts"
fails "two-tower of users only" 1 "these are of users only" sh -c 'rs-teach --arch two-tower --features user,user.cat.age <"$0"' "$tmp/clicks.rts"
fails "a cross of what is not there" 2 "'item.cat.colour' is not among the features in use" sh -c 'rs-teach --cross "user*item.cat.colour" <"$0"' "$tmp/clicks.rts"
fails "a cross twice" 2 "^rs-teach: --cross: 'item\*user' is there twice" sh -c 'rs-teach --cross "user*item" --cross "user*row.cat.device" --cross "item*user" <"$0"' "$tmp/clicks.rts"
fails "a cross of one" 2 "a cross is two features or more" sh -c 'rs-teach --cross user <"$0"' "$tmp/clicks.rts"
fails "a cross of numbers" 2 "'row.num.hour' is a number" sh -c 'rs-teach --cross "user*row.num.hour" <"$0"' "$tmp/clicks.rts"
fails "a cross without a first order" 2 "mlp has no first order" rs-teach --arch mlp --cross 'user*item'
fails "an activation that is none" 2 "'gelu' is not relu, tanh, sigmoid or linear" rs-teach --activation gelu
fails "a weight to freeze that is not there" 2 "no weight is called 'mlp.7" sh -c 'rs-teach --freeze "mlp.7.*" <"$0"' "$tmp/clicks.rts"

# Unknown: a user that part 0 does not have is scored as nobody in particular; a number of them alike.
rs-import -q "$tmp/clicks.csv" --label click | rs-split -q --scheme cold-users --seed 2 >"$tmp/cold.rts"
teach --arch fm --unknown-rate 0.1 <"$tmp/cold.rts" | tee "$tmp/a.rts" | rs-show --tsv model.teacher.linear.user | tail -n +2 | sort | uniq -c | sort -rn | head -1 >"$tmp/most"
ok "users that no row of part 0 has share the unknown's weight" awk '{ many = $1 > 5 && $2 != 0 } END { exit !many }' "$tmp/most"
is "which is one row more than there are users" 61 "$(rs-show <"$tmp/a.rts" | awk '$1 == "model.teacher.linear.user" { print $3 }')"
is "the spec says so" "unknown=trained" "$(rs-show --tsv model.teacher.spec <"$tmp/a.rts" | grep ^unknown=)"

teach --class-weights 1,3 <"$tmp/clicks.rts" >"$tmp/heavy.rts"
mean() { rs-softlabel -q <"$1" | rs-show --tsv soft.teacher | awk 'NR > 1 { s += $1 } END { print s / (NR - 1) }'; }
ok "weight on class 1 raises the outputs" awk "BEGIN { exit !($(mean "$tmp/heavy.rts") > 0.3) }"

teach --as t <"$tmp/clicks.rts" >"$tmp/t.rts"
is "what was there is passed on" "$(rs-show --digest <"$tmp/clicks.rts")" \
	"$(rs-pick --drop 'model.*' <"$tmp/t.rts" | rs-show --digest)"
is "the model travels ahead of the rows" model "$(rs-show <"$tmp/t.rts" | awk '/^model/ { m = 1 } /^user\t/ { print m ? "model" : "rows"; exit }')"
is "the spec says what it is" "arch=deepfm task=binary dim=8 hidden=16,8" \
	"$(rs-show --tsv model.t.spec <"$tmp/t.rts" | grep -E '^(arch|task|dim|hidden)=' | tr '\n' ' ' | sed 's/ $//')"
fails "a name that is taken" 1 "already in the stream" sh -c 'rs-teach -q --epochs 1 --as t <"$0"' "$tmp/t.rts"
ok "is told before anything is trained" sh -c '! rs-teach --epochs 1 --as t <"$0" 2>&1 >/dev/null | grep epoch' "$tmp/t.rts"
ok "--replace takes its place" sh -c 'rs-teach -q --epochs 1 --as t --replace <"$0" | rs-show --check' "$tmp/t.rts"

# Part 2 must not matter for anything but the score.
rs-show --tsv user item label part <"$tmp/clicks.rts" >"$tmp/rows"
awk -F'\t' 'NR == 1 { print "user,item,label,part"; next } { print $1 "," $2 "," ($4 == 2 ? 1 - $3 : $3) "," $4 }' "$tmp/rows" >"$tmp/flipped.csv"
awk -F'\t' 'NR == 1 { print "user,item,label,part"; next } { print $1 "," $2 "," $3 "," $4 }' "$tmp/rows" >"$tmp/plain.csv"
for f in flipped plain; do
	rs-import -q "$tmp/$f.csv" | rs-split -q --seed 3 | teach --as t --epochs 3 | rs-pick 'model.t.*' | rs-show --digest >"$tmp/$f.digest"
done
ok "labels of part 2 change nothing" cmp "$tmp/flipped.digest" "$tmp/plain.digest"
teach --features user,item --as t <"$tmp/clicks.rts" >"$tmp/two.rts"
is "--features" "features=user,item" "$(rs-show --tsv model.t.spec <"$tmp/two.rts" | grep ^features)"

# A warm start: no epoch at all gives the same weights; one more epoch is better than one from nothing.
bare() { rs-pick "model.$1.*" --drop "model.$1.spec" <"$2" | rs-show | sed "s/^model\.$1\.//" >"$tmp/list"
	rs-pick "model.$1.*" --drop "model.$1.spec" <"$2" >"$tmp/bare.rts"
	while IFS='	' read -r name rest; do case $name in name) ;; *) echo "$name"; rs-show --tsv "model.$1.$name" <"$tmp/bare.rts" | tail -n +2 ;; esac; done <"$tmp/list" | cksum; }
teach --as again --init t --epochs 0 <"$tmp/t.rts" >"$tmp/again.rts"
is "--init with no epoch: the same weights" "$(bare t "$tmp/t.rts")" "$(bare again "$tmp/again.rts")"
teach --as cold --epochs 1 <"$tmp/t.rts" | teach --as warm --init t --epochs 1 | rs-score -q >"$tmp/warm"
ok "and one epoch on it is better than one from nothing" awk '{ auc[$1] = $4; print $1, $4 } END { exit !(auc["warm"] > auc["cold"] + .02) }' "$tmp/warm"
teach --as iced --init t --freeze 'embedding.*,mlp.0.weight' --epochs 2 <"$tmp/t.rts" >"$tmp/iced.rts"
ok "--freeze: what is frozen stays" sh -c 'for w in embedding.user mlp.0.weight; do [ "$(rs-show --tsv model.t.$w <"$0" | tail -n +2 | cksum)" = "$(rs-show --tsv model.iced.$w <"$0" | tail -n +2 | cksum)" ] || exit 1; done' "$tmp/iced.rts"
ok "and the rest does not" sh -c '[ "$(rs-show --tsv model.t.mlp.1.weight <"$0" | tail -n +2 | cksum)" != "$(rs-show --tsv model.iced.mlp.1.weight <"$0" | tail -n +2 | cksum)" ]' "$tmp/iced.rts"
moved() { # moved MODEL WEIGHT FILE: how far from model t, in all
	rs-show --tsv "model.t.$2" <"$3" | tail -n +2 | tr '\t' '\n' >"$tmp/from"
	rs-show --tsv "model.$1.$2" <"$3" | tail -n +2 | tr '\t' '\n' | paste "$tmp/from" - | awk '{ d = $2 - $1; s += d < 0 ? -d : d } END { print s }'; }
teach --as even --init t --epochs 1 <"$tmp/t.rts" | teach --as uneven --init t --epochs 1 --rate-of 'mlp.*=0.01,mlp.1.weight=0,embedding.user=0.1' --freeze linear.user >"$tmp/uneven.rts"
for w in "embedding.user 0.02 0.3" "mlp.0.weight 0.002 0.05" "linear.item 0.5 2" "mlp.1.weight 0 0" "linear.user 0 0"; do
	set -- $w
	ok "--rate-of: $1 goes as far as it says" awk -v a="$(moved even "$1" "$tmp/uneven.rts")" -v b="$(moved uneven "$1" "$tmp/uneven.rts")" -v low="$2" -v high="$3" 'BEGIN { print a, b; exit !(a > 0 && b >= low * a && b <= high * a) }'
done
teach --as same --init t --epochs 1 --rate-of '*=1' <"$tmp/t.rts" >"$tmp/same.rts"
is "--rate-of: 1 changes nothing" "$(bare even "$tmp/uneven.rts")" "$(bare same "$tmp/same.rts")"
for wrong in 'mlp.*' 'mlp.*=' 'mlp.*=x' 'mlp.*=-1' 'mlp.7.*=1' 'mlp.*=1,bias=nan'; do
	fails "--rate-of $wrong" 2 "^rs-teach: --rate-of: '.*' is not WEIGHT=MULTIPLE" sh -c 'rs-teach --rate-of "$1" <"$0"' "$tmp/clicks.rts" "$wrong"
done
ok "another shape takes what fits" sh -c 'rs-teach --as u --dim 8 --hidden 4 --init t --epochs 1 <"$0" 2>&1 >/dev/null | grep "tensors start as in .t.$"' "$tmp/t.rts"
fails "--init of no model" 1 "no weight of a model 'x' fits" sh -c 'rs-teach --init x <"$0"' "$tmp/clicks.rts"

printf 'user,item,rating\n' >"$tmp/ratings.csv"
awk 'BEGIN { for (u = 0; u < 30; u++) for (i = 0; i < 20; i++) print "u" u ",i" i "," 1 + (u + i) % 5 }' >>"$tmp/ratings.csv"
rs-import -q "$tmp/ratings.csv" | rs-split -q >"$tmp/ratings.rts"
is "ratings: the squared loss by itself" "task=rating" \
	"$(rs-teach -q --arch fm --epochs 1 <"$tmp/ratings.rts" | rs-show --tsv model.teacher.spec | grep ^task)"
rs-teach -q --arch mlp --dim 8 --hidden 32 --batch 16 --rate 0.01 --epochs 60 --patience 0 <"$tmp/ratings.rts" >"$tmp/a.rts"
below "ratings are learnt (chance is an RMSE of 1.41)" .7 "$(scored rmse train "$tmp/a.rts")"

fails "logistic loss of a rating" 1 "label [1-5] of row [0-9]*; logistic loss needs 0 or 1" sh -c 'rs-teach --loss logistic <"$0"' "$tmp/ratings.rts"
fails "an unknown architecture" 2 "'cnn' is not lr, fm, mlp, wide-deep, deepfm, dcn or two-tower" sh -c 'rs-teach --arch cnn <"$0"' "$tmp/clicks.rts"
fails "wrong use is told before the stream is read" 2 "'cnn' is not lr" rs-teach --arch cnn
fails "the same of losses" 2 "'hinge' is not auto, logistic, squared, bpr or softmax" rs-teach --loss hinge
fails "of optimisers" 2 "'fast' is not auto, adam, lazy, rowwise, adamw, adagrad or sgd" rs-teach --optimizer fast
fails "of schedules" 2 "'linear' is not constant, step:EPOCHS:FACTOR" rs-teach --rate-schedule linear
fails "of weights of classes" 2 "'1,-2' is not balanced or two numbers above 0" rs-teach --class-weights 1,-2
is "--arch list: a line on each" "lr fm mlp wide-deep deepfm dcn two-tower" "$(rs-teach --arch list | awk '{ print $1 }' | tr '\n' ' ' | sed 's/ $//')"
fails "a feature that is not there: says which are" 2 "no 'item.cat.colour'; there are .*item.bag.genres" sh -c 'rs-teach --features user,item.cat.colour <"$0"' "$tmp/clicks.rts"
fails "a feature twice" 2 "'user' is there twice" sh -c 'rs-teach --features user,item,user <"$0"' "$tmp/clicks.rts"
fails "a name with a dot" 2 "a model's name has no dots" rs-teach --as a.b
fails "batches of one row have no deviation" 2 "norm batch needs 2 or more" rs-teach --norm batch --batch 1
fails "no width" 2 "dim: 0 is not in 1" rs-teach --dim 0
fails "nine layers" 2 "more than 8 numbers" sh -c 'rs-teach --hidden 1,1,1,1,1,1,1,1,1 <"$0"' "$tmp/clicks.rts"
sed '2,$s/[0-9]$/&e30/' "$tmp/ratings.csv" >"$tmp/huge.csv"
rs-import -q "$tmp/huge.csv" | rs-split -q >"$tmp/huge.rts"
fails "a loss that explodes names epoch and batch" 1 "epoch 1, batch 1: the loss is not a number; try --rate" \
	sh -c 'rs-teach -q <"$0" >"$1"' "$tmp/huge.rts" "$tmp/exploded"
fails "and nothing that could be taken for whole is written" 1 "rs-show: stdin: " sh -c 'rs-show --check <"$0"' "$tmp/exploded"
sed '2,$s/[0-9]$/&e18/' "$tmp/ratings.csv" >"$tmp/large.csv"
rs-import -q "$tmp/large.csv" | rs-split -q >"$tmp/large.rts"
rs-pick --drop part <"$tmp/large.rts" >"$tmp/large-whole.rts"
for set in large large-whole; do
	fails "a last step that spoils the weights, $set" 1 "epoch 1, last batch: scores are not numbers after it; try --rate 1" sh -c \
		'rs-teach -q --loss squared --rate 10 --optimizer sgd --arch mlp --epochs 1 --batch 1000 <"$0" >"$1"' "$tmp/$set.rts" "$tmp/exploded"
	fails "  and nothing that could be taken for whole is written" 1 "rs-show: stdin: " sh -c 'rs-show --check <"$0"' "$tmp/exploded"
done
sed '2,$s/,[01],/,1,/' "$tmp/clicks.csv" >"$tmp/ones.csv"
rs-import -q "$tmp/ones.csv" --label click | rs-split -q >"$tmp/ones.rts"
fails "one class only" 1 "part 0 has no negative" sh -c 'rs-teach <"$0"' "$tmp/ones.rts"
sed '2,$s/,[01],/,0,/' "$tmp/clicks.csv" >"$tmp/zeros.csv"
rs-import -q "$tmp/zeros.csv" --label click | rs-split -q >"$tmp/none.rts"
fails "the other only" 1 "part 0 has no positive" sh -c 'rs-teach <"$0"' "$tmp/none.rts"
rs-pick --drop label <"$tmp/clicks.rts" >"$tmp/unlabelled.rts"
for column in user row.num.hour; do
	head -100 "$tmp/clicks.csv" | rs-import -q --label click --num hour | rs-pick $column >"$tmp/few.rts"
	rs-pick --drop $column <"$tmp/clicks.rts" | cat - "$tmp/few.rts" >"$tmp/short.rts"
	fails "$column is shorter than the other columns" 1 "'$column' has 99 rows; expected [0-9]*" sh -c 'rs-teach <"$0"' "$tmp/short.rts"
done
fails "no label" 1 "needs 'label'; stream has" sh -c 'rs-teach <"$0"' "$tmp/unlabelled.rts"
awk -F, 'NR == 1 { print $0 ",weight"; next } { print $0 "," (NR == 9 ? -1 : 1) }' "$tmp/clicks.csv" >"$tmp/weighted.csv"
rs-import -q "$tmp/weighted.csv" --label click --weight weight >"$tmp/weighted.rts" 2>"$tmp/refused" &&
	rs-teach -q <"$tmp/weighted.rts" >"$tmp/x.rts" 2>"$tmp/refused"
ok "a negative weight is refused, by one or the other" grep -q "weight" "$tmp/refused"
sed '2,$s/[^,]*$/0/' "$tmp/weighted.csv" >"$tmp/weightless.csv"
rs-import -q "$tmp/weightless.csv" --label click --weight weight | rs-split -q >"$tmp/weightless.rts"
fails "weights that are all 0" 1 "'weight' is 0 in all [0-9]* rows of part 0" sh -c 'rs-teach <"$0"' "$tmp/weightless.rts"
rs-pick --drop part <"$tmp/clicks.rts" >"$tmp/whole.rts"
ok "no part: warns, trains on all" sh -c 'rs-teach --epochs 1 --arch lr <"$0" 2>&1 >/dev/null | grep "no .part. in the stream"' "$tmp/whole.rts"
teach --epochs 3 --patience 0 --trace "$tmp/curve" <"$tmp/clicks.rts" >"$tmp/traced.rts"
is "--trace: a line of names, a line an epoch" "epoch soft train_loss valid_auc 1 2 3" \
	"$(head -1 "$tmp/curve" | tr '\t' ' ') $(tail -n +2 "$tmp/curve" | cut -f 1 | tr '\n' ' ' | sed 's/ $//')"
ok "and no trace of it in the stream" sh -c 'rs-show --history <"$0" | grep -q rs-teach && ! rs-show --history <"$0" | grep trace' "$tmp/traced.rts"
fails "a trace that cannot be written" 1 "No such file" sh -c 'rs-teach --trace "$1/no/where" <"$0"' "$tmp/clicks.rts" "$tmp"
ok "one line an epoch off the terminal" sh -c '[ "$(rs-teach --epochs 2 --patience 0 --arch lr <"$0" 2>&1 >/dev/null | grep -c "epoch [12]: train loss .* valid auc")" = 2 ]' "$tmp/clicks.rts"

# Pairs: what a user likes above what he has not.
pairs="--features user,item,user.cat.age,item.bag.genres --epochs 6 --patience 0"
for how in "two-tower --loss bpr" "two-tower --loss bpr --negatives 3" "deepfm --loss softmax --negatives 5 --negative-sampling popularity" "two-tower --norm batch --loss softmax"; do
	RS_SIMD=base OMP_NUM_THREADS=1 teach $pairs --arch $how <"$tmp/clicks.rts" >"$tmp/a.rts"
	OMP_NUM_THREADS=3 teach $pairs --arch $how <"$tmp/clicks.rts" >"$tmp/b.rts"
	ok "$how: the same bytes" cmp "$tmp/a.rts" "$tmp/b.rts"
	above "  and it ranks: NDCG@20 of all items above .4" .4 "$(scored ndcg@20 test "$tmp/a.rts" --task ranking --k 20)"
done
ok "part 1 judges by ranking" sh -c 'rs-teach --arch two-tower --loss bpr --epochs 1 <"$0" 2>&1 >/dev/null | grep "valid ndcg@20"' "$tmp/clicks.rts"
fails "pairs of rows" 2 "'row.num.hour' is of the rows; bpr has" sh -c 'rs-teach --loss bpr --features user,item,row.num.hour <"$0"' "$tmp/clicks.rts"
fails "pairs have no classes" 2 "loss bpr has no classes" rs-teach --loss bpr --class-weights 1,2
rs-import -q "$tmp/zeros.csv" --label click --users "$tmp/users.csv" --user-cat age | rs-split -q >"$tmp/zeros.rts"
fails "nothing to rank" 1 "no row of part 0 has a label above 0" sh -c 'rs-teach --loss bpr <"$0"' "$tmp/zeros.rts"

# Another day, and several seeds.
for how in "deepfm --norm batch --dropout 0.1 --unknown-rate 0.1 --rate-schedule cosine:6" "mlp --optimizer sgd --rate 0.3 --patience 2" "two-tower --loss bpr --features user,item"; do
	teach --as m --patience 0 --arch $how --epochs 6 --resumable <"$tmp/clicks.rts" | rs-show --digest >"$tmp/once"
	teach --as m --patience 0 --arch $how --epochs 2 --resumable <"$tmp/clicks.rts" |
		OMP_NUM_THREADS=3 teach --as m --patience 0 --arch $how --epochs 6 --resume --resumable | rs-show --digest >"$tmp/twice"
	ok "$how: 2 epochs and 4 more are the 6 epochs, bit for bit" cmp "$tmp/once" "$tmp/twice"
done
teach --as m --epochs 2 --resumable <"$tmp/clicks.rts" >"$tmp/m.rts"
fails "--resume with other options" 1 "was trained with rate=0.01, not rate=0.02" sh -c 'rs-teach --as m --dim 8 --hidden 16,8 --batch 64 --rate 0.02 --resume <"$0"' "$tmp/m.rts"
teach --as m --patience 0 --arch wide-deep $cross --clip 0.5 --epochs 1 --resumable <"$tmp/clicks.rts" >"$tmp/m.rts"
again() { rs-teach -q --as m --dim 8 --hidden 16,8 --batch 64 --rate 0.01 --arch wide-deep --clip 0.5 --epochs 2 --resume $cross "$@" <"${from:-$tmp/m.rts}"; }
fails "--resume with another --hidden" 1 "^rs-teach: --resume: model 'm' was trained with hidden=16,8, not hidden=16$" again --hidden 16
fails "--resume with another --dim" 1 "'m' was trained with dim=8, not dim=9$" again --dim 9
fails "--resume with another --arch" 1 "'m' was trained with arch=wide-deep, not arch=deepfm$" again --arch deepfm
fails "--resume with another --optimizer" 1 "'m' was trained with optimizer=adam, not optimizer=sgd$" again --optimizer sgd
fails "--resume with another activation" 1 "'m' was trained with the default --activation, not activation=tanh$" again --activation tanh
fails "--resume without batch normalisation" 1 "'m' was trained with the default --norm, not norm=batch$" again --norm batch
fails "--resume for ratings" 1 "'m' was trained with task=binary, not task=rating$" again --loss squared
fails "--resume with other features" 1 "'m' was trained with features=user,item,.*, not features=user,item,user.cat.age,item.bag.genres,row.cat.device$" \
	again --features user,item,user.cat.age,item.bag.genres,row.cat.device
fails "--resume with another cross" 1 "'m' was trained with cross-bits=10, not cross-bits=9$" again --cross-bits 9
fails "--resume without what was asked for" 1 "'m' was trained with clip=0.5, not the default --clip$" again --clip 0
{ rs-pick -q 'model.*' <"$tmp/m.rts" && rs-prep -q --sample-users 0.9 <"$tmp/clicks.rts"; } >"$tmp/fewer.rts"
from="$tmp/fewer.rts"
fails "--resume on other users" 1 "'m' was trained with 60 values of 'user', not [45][0-9]$" again
from=
awk -F, -v OFS=, 'NR == 3 { $4 += 1 } 1' "$tmp/clicks.csv" >"$tmp/later.csv"
{ rs-pick -q 'model.*' <"$tmp/m.rts" && rs-import -q "$tmp/later.csv" --label click --num hour --cat device --users "$tmp/users.csv" \
	--user-cat age --items "$tmp/items.csv" --item-bag 'genres:|' --item-num price | rs-split -q --seed 3; } >"$tmp/later.rts"
from="$tmp/later.rts"
fails "--resume on rows that say something else" 1 "'m' was trained on other rows" again
from=
teach --as m --patience 0 --rate-schedule cosine --epochs 1 --resumable <"$tmp/clicks.rts" >"$tmp/cosine.rts"
fails "--resume of a cosine over fewer epochs" 1 "'m' was trained with rate-schedule=cosine:1, not rate-schedule=cosine:2$" \
	sh -c 'rs-teach -q --as m --dim 8 --hidden 16,8 --batch 64 --rate 0.01 --rate-schedule cosine --epochs 2 --resume <"$0"' "$tmp/cosine.rts"
fails "--resume of nothing" 1 "no model 'x' to resume" sh -c 'rs-teach --as x --resume <"$0"' "$tmp/m.rts"
fails "--resume from somewhere else" 2 "resume starts where the model was" rs-teach --resume --init m
teach --as e --ensemble 2 --seed 4 --epochs 2 <"$tmp/clicks.rts" >"$tmp/e.rts"
teach --as one --seed 5 --epochs 2 <"$tmp/clicks.rts" >"$tmp/one.rts"
is "--ensemble 2: two models" "e-1 e-2" "$(rs-score -q <"$tmp/e.rts" | awk 'NR > 1 { print $1 }' | tr '\n' ' ' | sed 's/ $//')"
teach --as e --ensemble 2 --seed 4 --epochs 2 --trace "$tmp/curve" <"$tmp/clicks.rts" >"$tmp/e.rts"
is "  whose curves say of which they are" "model e-1 e-1 e-2 e-2" "$(cut -f5 "$tmp/curve" | tr '\n' ' ' | sed 's/ $//')"
is "  the second as with the next seed" "$(bare one "$tmp/one.rts")" "$(bare e-2 "$tmp/e.rts")"
ok "  which teach together" sh -c 'rs-softlabel -q --from e-1,e-2 --as both <"$0" | rs-show | grep -q "^soft.both"' "$tmp/e.rts"

# Rows of part 2 are not unpacked where they are wide, and change nothing.
awk 'BEGIN { srand(4); for (f = 0; f < 3; f++) for (r = 0; r < 300; r++) {
	s = 0; row = ""; for (j = 0; j < 20; j++) { x = rand(); s += j % 2 ? x : -x; row = row sprintf(",%.4f", x) }
	print (s > 0) row "," f % 2 >("'"$tmp"'/wide" f) } }'
head -n 1 "$tmp/wide2" >"$tmp/wide3"
for test in wide2 wide3; do
	(cd "$tmp" && rs-import -q --parts wide0 wide1 $test --no-header --label 1 --num x=2-21 --num y=22) >"$tmp/$test.rts"
	teach --arch mlp --epochs 3 <"$tmp/$test.rts" >"$tmp/$test-model.rts"
	rs-softlabel -q --from teacher --hint --rows <"$tmp/$test-model.rts" |
		rs-distill -q --loss hint --lambda 0.1 --arch mlp --hidden 8 --epochs 2 >"$tmp/$test-student.rts"
	is "$test: every row goes on" "$(rs-pick -q 'row.*' <"$tmp/$test.rts" | rs-show --digest)" "$(rs-pick -q 'row.*' <"$tmp/$test-model.rts" | rs-show --digest)"
done
is "the same model of many rows of test, and of one" "$(rs-pick -q 'model.*' <"$tmp/wide2-model.rts" | rs-show --digest)" \
	"$(rs-pick -q 'model.*' <"$tmp/wide3-model.rts" | rs-show --digest)"
is "and the same student of its hidden layer" "$(rs-pick -q 'model.*' <"$tmp/wide2-student.rts" | rs-show --digest)" \
	"$(rs-pick -q 'model.*' <"$tmp/wide3-student.rts" | rs-show --digest)"

# Bad and odd input.
awk -F, 'NR == 1 { print $0 ",same,none,word"; next } { print $0 ",7,," }' "$tmp/clicks.csv" >"$tmp/odd.csv"
rs-import -q "$tmp/odd.csv" --label click --num hour,same,none --cat device,word | rs-split -q --seed 3 >"$tmp/odd.rts"
rs-import -q "$tmp/odd.csv" --label click --bag 'word:|' | rs-split -q --seed 3 >"$tmp/bare.rts"
ok "a warning of row.cat.word" sh -c 'rs-teach --epochs 0 <"$0" 2>&1 >/dev/null | grep -qx "rs-teach: .row.cat.word. has the same value, or none, in every row"' "$tmp/odd.rts"
ok "and of row.bag.word, which is left out" sh -c 'rs-teach --epochs 0 <"$0" 2>"$1" | rs-show --tsv model.teacher.spec | grep -qx features=user,item &&
	grep -qx "rs-teach: .row.bag.word. has no value in any row and is left out" "$1"' "$tmp/bare.rts" "$tmp/log"
fails "no feature but one without values" 1 "stdin: has no features" sh -c 'rs-teach --features row.bag.word <"$0"' "$tmp/bare.rts"
teach --epochs 2 --arch deepfm <"$tmp/odd.rts" >"$tmp/o.rts"
for same in same none; do
	ok "a warning of row.num.$same" sh -c 'rs-teach --epochs 0 <"$0" 2>&1 >/dev/null | grep "^rs-teach: .row.num.$1. is the same in every row of part 0 and left out"' "$tmp/odd.rts" $same
done
is "a constant number is left out: its scale is 0" 0 "$(rs-show --tsv model.teacher.scale.row.num.same <"$tmp/o.rts" | tail -1)"
is "so is a column without a value" 0 "$(rs-show --tsv model.teacher.scale.row.num.none <"$tmp/o.rts" | tail -1)"
above "and the model is as good" .6 "$(scored auc test "$tmp/o.rts")"
rs-pick --drop 'user.cat.age' <"$tmp/t.rts" >"$tmp/lacks.rts"
fails "a model whose features the data lacks" 1 "needs 'user.cat.age', which the stream lacks" sh -c 'rs-score <"$0"' "$tmp/lacks.rts"
awk -F, 'NR == 1 { print $0 ",part"; next } { print $0 "," (NR % 5 ? "train" : "valid") }' "$tmp/clicks.csv" |
	awk -F, 'BEGIN { OFS = "," } /valid$/ { $3 = 0 } { print }' >"$tmp/half.csv"
rs-import -q "$tmp/half.csv" --label click --part part >"$tmp/half.rts"
fails "one class only in part 1" 1 "part 1 has no positive" sh -c 'rs-teach <"$0"' "$tmp/half.rts"
awk 'BEGIN { FS = OFS = "," } /valid$/ { $3 = 1 } { print }' "$tmp/half.csv" >"$tmp/half1.csv"
rs-import -q "$tmp/half1.csv" --label click --part part >"$tmp/half1.rts"
fails "the other only in part 1" 1 "part 1 has no negative" sh -c 'rs-teach <"$0"' "$tmp/half1.rts"
# AddressSanitizer reserves more address space than this limit leaves, whatever the program asks for.
sh -c 'ulimit -v 4000000; rs-teach --version; exit $?' >/dev/null 2>&1 &&
	fails "an absurd size is refused before memory is asked for" 1 "memory: this network of .* weights needs" \
	sh -c 'ulimit -v 4000000; rs-teach --hidden 65536,65536,65536,65536,65536,65536,65536,65536 <"$0"' "$tmp/clicks.rts"
for wrong in "--momentum .5" "--loss logistic --negatives 3" "--arch fm --crosses 2" "--cross-bits 9"; do
	fails "an option without effect: $wrong" 2 "^rs-teach: --[a-z-]*: has no effect with" rs-teach $wrong
done
done_testing
