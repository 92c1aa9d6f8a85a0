#!/bin/sh
. "${0%/*}/../lib.sh"
teachable
rs-teach -q --as a --arch lr --epochs 2 <"$tmp/clicks.rts" >"$tmp/a.rts"
rs-teach -q --as b --arch fm --dim 4 --epochs 2 --batch 64 <"$tmp/a.rts" >"$tmp/ab.rts"

contract rs-softlabel "$tmp/a.rts"
rs-softlabel --from a <"$tmp/ab.rts" | rs-softlabel --from b | rs-softlabel --from a,b --as mean |
	rs-softlabel --from a,b --weights 3,1 --as more >"$tmp/soft.rts"
rs-show --tsv soft.a soft.b soft.mean soft.more <"$tmp/soft.rts" >"$tmp/soft"
is "a label for every row" 4001 "$(wc -l <"$tmp/soft" | tr -d ' ')"
ok "several teachers: the weighted mean of their logits" awk 'function far(x, y) { return x - y > 1e-5 || y - x > 1e-5 }
	NR > 1 && (far($3, ($1 + $2) / 2) || far($4, (3 * $1 + $2) / 4)) { bad++; print } END { exit bad > 0 }' "$tmp/soft"
ok "teachers differ" awk 'NR > 1 && $1 != $2 { n++ } END { exit n < 3000 }' "$tmp/soft"
is "what was there is passed on" "$(rs-show --digest <"$tmp/ab.rts")" "$(rs-pick --drop 'soft.*' <"$tmp/soft.rts" | rs-show --digest)"

# An lr teacher by hand: its bias and its weights of user, item, device, age, genres, hour, price.
rs-pick 'model.a.*' 'user*' 'item*' 'row.*' 'soft.a' 'vocab.*' 'label' <"$tmp/soft.rts" >"$tmp/hand.rts"
v() { rs-show --tsv "$1" <"$tmp/hand.rts" | sed -n 2p; }
first=$(rs-pick --drop 'vocab.*' <"$tmp/hand.rts" | rs-show --tsv user item row.cat.device row.num.hour soft.a | sed -n 2p)
ok "the logit of lr is the sum of its weights" sh -c '
	set -- $1; at() { rs-pick --drop "vocab.*" <"'"$tmp/hand.rts"'" | rs-show --tsv "$1" | sed -n "$(($2 + 2))p"; }
	age=$(at user.cat.age $1) genres=$(at item.bag.genres $2) price=$(at item.num.price $2) sum="0" n=0
	for g in $(echo $genres | tr "|" " "); do sum="$sum + $(at model.a.linear.item.bag.genres $g)"; n=$((n + 1)); done
	echo "$(at model.a.bias 0) $(at model.a.linear.user $1) $(at model.a.linear.item $2) $(at model.a.linear.row.cat.device $3) \
		$(at model.a.linear.user.cat.age $age) $4 $(at model.a.mean.row.num.hour 0) $(at model.a.scale.row.num.hour 0) $(at model.a.linear.row.num.hour 0) \
		$price $(at model.a.mean.item.num.price 0) $(at model.a.scale.item.num.price 0) $(at model.a.linear.item.num.price 0) $5 $n $sum" |
	awk "{ g = 0; for (i = 16; i <= NF; i++) if (\$i != \"+\") g += \$i; z = \$1 + \$2 + \$3 + \$4 + \$5 + (\$6 - \$7) * \$8 * \$9 + (\$10 - \$11) * \$12 * \$13 + g / \$15
		print z, \$14; d = z - \$14; exit d > 1e-5 || d < -1e-5 }"' sh "$first"

fails "two models: says which there are" 2 "there are 2 models (a, b" sh -c 'rs-softlabel <"$0"' "$tmp/ab.rts"
fails "a mean without a name" 2 "needs a name of its own" sh -c 'rs-softlabel --from a,b <"$0"' "$tmp/ab.rts"
fails "weights that do not fit" 2 "not 2 numbers" sh -c 'rs-softlabel --from a,b --as c --weights 1 <"$0"' "$tmp/ab.rts"
fails "weights of nothing" 2 "add up to nothing" sh -c 'rs-softlabel --from a,b --as c --weights 0,0 <"$0"' "$tmp/ab.rts"
fails "no such model" 1 "no model 'c'" sh -c 'rs-softlabel --from c <"$0"' "$tmp/ab.rts"
fails "no model at all" 1 "no model ahead of the rows; rs-teach makes one" sh -c 'rs-softlabel <"$0"' "$tmp/clicks.rts"
fails "soft labels that are there" 1 "'soft.a' is already in the stream" sh -c 'rs-softlabel --from a <"$0"' "$tmp/soft.rts"
ok "--replace takes their place" sh -c 'rs-softlabel --from a --replace <"$0" | rs-show --check' "$tmp/soft.rts"
rs-pick 'model.a.*' <"$tmp/a.rts" >"$tmp/model.rts"
ok "a model from another file, ahead of the data" sh -c 'cat "$0" "$1" | rs-softlabel | rs-show --check' "$tmp/model.rts" "$tmp/clicks.rts"
fails "a model behind the data: says how to order" 1 "cat MODEL DATA" sh -c 'cat "$1" "$0" | rs-softlabel' "$tmp/model.rts" "$tmp/clicks.rts"
rs-pick --drop item.num.price <"$tmp/a.rts" >"$tmp/lacking.rts"
fails "a feature that the data lacks" 1 "model 'a' needs 'item.num.price'" sh -c 'rs-softlabel <"$0"' "$tmp/lacking.rts"
rs-pick --drop row.num.hour <"$tmp/a.rts" >"$tmp/lacking.rts"
fails "a row column that the data lacks" 1 "needs 'row.num.hour'" sh -c 'rs-softlabel <"$0"' "$tmp/lacking.rts"
rs-pick --drop model.a.bias <"$tmp/a.rts" >"$tmp/lacking.rts"
fails "a damaged model" 1 "model 'a': lacks 'model.a.bias'" sh -c 'rs-softlabel <"$0"' "$tmp/lacking.rts"
rs-pick --drop 'model.a.linear.user' --rename model.a.linear.item=model.a.linear.user <"$tmp/a.rts" >"$tmp/lacking.rts"
fails "a model with a weight of another shape or none" 1 "model 'a': " sh -c 'rs-softlabel <"$0"' "$tmp/lacking.rts"

# Several models: median and variance.
rs-teach -q --as c --arch lr --epochs 1 --seed 5 --rate 0.01 <"$tmp/ab.rts" >"$tmp/abc.rts"
for m in a b c; do rs-softlabel --from $m <"$tmp/abc.rts" | rs-show --tsv soft.$m >"$tmp/soft.$m"; done
rs-softlabel --from a,b,c --as all --combine median --variance <"$tmp/abc.rts" | rs-show --tsv soft.all var.all >"$tmp/median"
ok "median and variance of three" sh -c 'paste "$0".a "$0".b "$0".c "$1" | awk "
	function far(x, y) { return x - y > 1e-5 || y - x > 1e-5 }
	NR > 1 { a = \$1; b = \$2; c = \$3; m = (a + b + c) / 3; v = ((a - m) ^ 2 + (b - m) ^ 2 + (c - m) ^ 2) / 2
		min = a < b ? a : b; if (c < min) min = c; max = a > b ? a : b; if (c > max) max = c
		bad += far(\$4, a + b + c - min - max) || far(\$5, v) } END { exit bad > 0 || NR < 4000 }"' "$tmp/soft" "$tmp/median"
rs-softlabel --from a,b,c --as gated --combine gate --gate-scale 0.001 <"$tmp/abc.rts" 2>"$tmp/gate" | rs-show --tsv soft.gated >"$tmp/gated"
ok "a gate weighs by the loss on part 1" awk '{ loss[NR] = $3; w[NR] = $8 } END {
	d = log(w[1] / w[2]) - (loss[2] - loss[1]) / 0.001; exit NR != 3 || d > 0.2 || d < -0.2 }' FS='[ ,]+' "$tmp/gate"
ok "and answers with those weights" sh -c 'paste "$0".a "$0".b "$0".c "$1" | awk -v w="$(sed "s/.* //" "$2" | tr "\n" " ")" "
	BEGIN { split(w, u, \" \") } NR > 1 { d = \$4 - u[1] * \$1 - u[2] * \$2 - u[3] * \$3; bad += d > 1e-3 || d < -1e-3 } END { exit bad > 0 }"' \
	"$tmp/soft" "$tmp/gated" "$tmp/gate"

# Lists: as rs-recommend gives them, train items left out.
rs-pick --drop 'row.*' <"$tmp/clicks.rts" | rs-mf -q --as f --dim 4 --epochs 3 >"$tmp/f.rts"
contract rs-softlabel "$tmp/f.rts" --top 7 --reverse 5 --hint --rows
rs-softlabel --top 7 --reverse 5 --hint --rows <"$tmp/f.rts" >"$tmp/lists.rts"
is "everything is there" "hint.f.item f32 40x4
hint.f.user f32 60x4
rev.f.score f32 40x5
rev.f.user u32 40x5
soft.f f32 4000
top.f.item u32 60x7
top.f.score f32 60x7" "$(rs-show <"$tmp/lists.rts" | awk '/^(soft|top|rev|hint)/ { print $1, $2, $3 }' | sort)"
is "the rest is passed on" "$(rs-show --digest <"$tmp/f.rts")" \
	"$(rs-pick --drop 'soft.*' --drop 'top.*' --drop 'rev.*' --drop 'hint.*' <"$tmp/lists.rts" | rs-show --digest)"
rs-pick --drop 'vocab.*' <"$tmp/f.rts" >"$tmp/bare.rts"
lists() { rs-show --tsv top.f.item | awk 'NR > 1 { for (i = 1; i <= NF; i++) print NR - 2 "," i "," $i }'; }
rs-softlabel --top 7 --keep-seen <"$tmp/bare.rts" | lists >"$tmp/lists"
rs-recommend --top 7 --keep-seen <"$tmp/bare.rts" | tail -n +2 | cut -d, -f1-3 >"$tmp/recommended"
ok "top lists are those of rs-recommend" cmp "$tmp/lists" "$tmp/recommended"
rs-show --tsv user item part <"$tmp/bare.rts" | awk 'NR > 1 && $3 == 0 { print $1 "," $2 }' | sort -u >"$tmp/had"
rs-softlabel --top 40 --reverse 60 <"$tmp/bare.rts" >"$tmp/all.rts"
rs-show --tsv top.f.item top.f.score <"$tmp/all.rts" | awk 'NR > 1 { for (i = 1; i <= 40; i++) if ($i < 4294967295) print NR - 2 "," $i "," $(40 + i) }' | sort >"$tmp/pairs"
rs-show --tsv rev.f.user rev.f.score <"$tmp/all.rts" | awk 'NR > 1 { for (i = 1; i <= 60; i++) if ($i < 4294967295) print $i "," NR - 2 "," $(60 + i) }' | sort >"$tmp/reverse"
is "every pair but those of train is listed" 2400 "$(cat "$tmp/had" "$tmp/pairs" | wc -l | tr -d ' ')"
is "and none of train" "" "$(cut -d, -f1,2 "$tmp/pairs" | sort | comm -12 - "$tmp/had")"
ok "reverse lists hold the same pairs with the same scores" cmp "$tmp/pairs" "$tmp/reverse"
ok "short lists are padded with 4294967295 and -inf" sh -c 'rs-show --tsv top.f.item top.f.score <"$0" | sed -n 2p | tr "\t" "\n" | grep -c -e "^4294967295$" -e "^-inf$" | grep -qx "$1"' \
	"$tmp/all.rts" "$((2 * $(grep -c '^0,' "$tmp/had")))"
ok "reverse lists are best first" sh -c 'rs-show --tsv rev.f.score <"$0" | awk "NR > 1 { for (i = 2; i <= NF; i++) bad += \$i > \$(i - 1) } END { exit bad > 0 }"' "$tmp/all.rts"
ok "hints of a factor model are its factors" sh -c 'rs-pick hint.f.user <"$0" | rs-show --tsv hint.f.user | tail -n +2 >"$1.a"
	rs-pick model.f.user.factors <"$0" | rs-show --tsv model.f.user.factors | tail -n +2 | cmp - "$1.a"' "$tmp/lists.rts" "$tmp/hint"
rs-mf -q --as g --dim 4 --epochs 3 --seed 9 <"$tmp/f.rts" | rs-softlabel --from f,g --as both --top 40 | rs-pick --drop 'vocab.*' >"$tmp/both.rts"
rs-mf -q --as g --dim 4 --epochs 3 --seed 9 <"$tmp/f.rts" | rs-softlabel --from g --top 40 | rs-pick --drop 'vocab.*' >"$tmp/g.rts"
at() { rs-show --tsv "top.$2.item" "top.$2.score" <"$1" | sed -n 2p | tr '\t' '\n' | awk 'NR <= 40 { id[NR] = $1 } NR > 40 && id[NR - 40] < 40 { print id[NR - 40], $1 }' | sort -n; }
at "$tmp/both.rts" both >"$tmp/b"; at "$tmp/all.rts" f >"$tmp/x"; at "$tmp/g.rts" g >"$tmp/y"
ok "lists of several models: by the mean of their scores" sh -c 'paste -d " " "$0"/x "$0"/y "$0"/b | awk "{ d = (\$2 + \$4) / 2 - \$6; bad += \$1 != \$5 || d > 1e-5 || d < -1e-5 } END { exit bad > 0 || NR < 5 }"' "$tmp"

for set in base v3 v4; do RS_SIMD=$set rs-softlabel --top 7 --reverse 5 --hint --rows <"$tmp/f.rts" >"$tmp/$set.rts"; done
ok "the same bytes from all kernels" sh -c 'cmp "$0/base.rts" "$0/v3.rts" && cmp "$0/base.rts" "$0/v4.rts"' "$tmp"

# The hint of a network: its last hidden layer, which times the output weights is the logit.
rs-teach -q --as n --arch mlp --hidden 16,8 --epochs 1 <"$tmp/clicks.rts" >"$tmp/n.rts"
contract rs-softlabel "$tmp/n.rts" --hint --rows
rs-softlabel --hint --rows <"$tmp/n.rts" >"$tmp/hint.rts"
rs-show --tsv model.n.output <"$tmp/hint.rts" | tail -n +2 | cut -f1 >"$tmp/output"
rs-show --tsv model.n.bias <"$tmp/hint.rts" | tail -n +2 >>"$tmp/output"
ok "hint times output weights plus bias is the logit" sh -c 'rs-show --tsv hint.n soft.n <"$0" | awk -v w="$(tr "\n" " " <"$1")" "
	BEGIN { split(w, u, \" \") } NR > 1 { z = u[9]; for (i = 1; i <= 8; i++) z += u[i] * \$i; d = z - \$9; bad += d > 1e-5 || d < -1e-5 } END { exit bad > 0 || NR != 4001 }"' \
	"$tmp/hint.rts" "$tmp/output"
# That of two towers: what they make of users and items, whose product plus bias is the score; of fm: its embeddings.
rs-teach -q --as p --arch two-tower --hidden 8,6 --epochs 1 <"$tmp/clicks.rts" 2>"$tmp/log" | rs-softlabel --hint --rows >"$tmp/towers.rts"
for side in user item; do
	rs-show --tsv vocab.$side <"$tmp/towers.rts" | sed 1d >"$tmp/names.$side"
	rs-show --tsv hint.p.$side <"$tmp/towers.rts" | sed 1d | tr '\t' ' ' | paste -d ' ' "$tmp/names.$side" - >"$tmp/vector.$side"
done
rs-show --tsv user item soft.p <"$tmp/towers.rts" | sed 1d >"$tmp/rows"
ok "the product of what towers make plus bias is the score" awk -v bias="$(rs-show --tsv model.p.bias <"$tmp/towers.rts" | sed 1d)" '
	FILENAME ~ /user$/ { for (i = 2; i <= 7; i++) u[$1, i] = $i; next } FILENAME ~ /item$/ { for (i = 2; i <= 7; i++) v[$1, i] = $i; next }
	{ z = bias; for (i = 2; i <= 7; i++) z += u[$1, i] * v[$2, i]; d = z - $3; bad += d > 1e-5 || d < -1e-5; n++ } END { exit bad > 0 || n != 4000 }' \
	"$tmp/vector.user" "$tmp/vector.item" "$tmp/rows"
is "they are not of rows" "hint.p.item hint.p.user" "$(rs-show <"$tmp/towers.rts" | sed -n 's/^\(hint[^	]*\).*/\1/p' | sort | tr '\n' ' ' | sed 's/ $//')"
is "fm has embeddings of ids" "$(rs-show --tsv model.b.embedding.item <"$tmp/ab.rts" | sed 1d)" \
	"$(rs-softlabel --from b --hint <"$tmp/ab.rts" | rs-show --tsv hint.b.item | sed 1d)"
ok "which teach factors" sh -c 'cat "$0" | rs-distill -q --arch mf -k 4 -e 1 --loss de -o "$1"' "$tmp/towers.rts" "$tmp/any.rts"
fails "a model without an inside" 1 "no factors and no hidden layer" sh -c 'rs-softlabel --hint <"$0"' "$tmp/a.rts"
fails "a hint of two models" 2 "--hint: of one model" sh -c 'rs-softlabel --hint --from a,b --as c <"$0"' "$tmp/ab.rts"
fails "a variance of one model" 2 "--variance: of several models" sh -c 'rs-softlabel --variance --from a <"$0"' "$tmp/ab.rts"
fails "weights for a median" 2 "no part in a median" rs-softlabel --combine median --weights 1,2
fails "no such way to combine" 2 "'max' is not mean, median or gate" rs-softlabel --combine max
fails "lists by a model that needs columns of the rows" 1 "a model that ranks all items" sh -c 'rs-softlabel --top 3 <"$0"' "$tmp/a.rts"
fails "lists that are there" 1 "'top.f.item' is already in the stream" sh -c 'rs-softlabel --from f --top 3 <"$0"' "$tmp/lists.rts"
fails "nobody knows yet whose lists" 2 "say --as or --from" sh -c 'rs-softlabel --top 3 --replace <"$0"' "$tmp/lists.rts"
ok "--replace makes them anew" sh -c 'rs-softlabel --from f --top 3 --replace <"$0" | rs-show | grep -q "^top.f.item.*60x3"' "$tmp/lists.rts"
awk 'BEGIN { print "user,item,label"; for (i = 0; i < 300; i++) print "u" i ",i" i "," i % 5 }' | rs-import -q --label label | rs-mf -q --dim 1 --epochs 1 >"$tmp/wide.rts"
fails "lists that no memory holds" 1 "300 lists of 300 do not fit into" sh -c 'rs-softlabel --top 1000 --memory 100K <"$0"' "$tmp/wide.rts"
# Lists of rows travel ahead of all rows: each group, and the rows of a part, have their own.
awk 'BEGIN { print "user,item,click,tags"; for (r = 0; r < 70000; r++) { t = (r * 7919 + int(r / 65536)) % 5; print "u" r % 7 ",i" r % 11 "," (t < 2) ",t" t } }' |
	rs-import -q --label click --bag 'tags:|' | rs-split -q | rs-teach -q --as t --arch lr --features row.bag.tags --epochs 2 >"$tmp/tags.rts"
is "a row's own list in every group of rows" "5 70000" "$(rs-softlabel <"$tmp/tags.rts" >"$tmp/tagged.rts"; { rs-show --tsv row.bag.tags <"$tmp/tagged.rts" | sed 1d >"$tmp/tag"
	rs-show --tsv soft.t <"$tmp/tagged.rts" | sed 1d | paste "$tmp/tag" -; } | awk '{ n += !($0 in seen); seen[$0] = 1 } END { print n, NR }')"
is "and of a part" 1 "$(rs-score -q --tsv --no-cost <"$tmp/tags.rts" | awk 'NR == 2 { print $4 }')"
rs-import -q "$tmp/clicks.csv" --label click --bag 'device:|' >"$tmp/many.rts"
head -100 "$tmp/clicks.csv" | rs-import -q --label click --bag 'device:|' | rs-pick 'row.bag.*' >"$tmp/few.rts"
rs-teach -q --as t --arch lr --epochs 1 <"$tmp/many.rts" | rs-pick --drop 'row.bag.*' | cat "$tmp/few.rts" - >"$tmp/short.rts"
fails "fewer lists than rows" 1 "'row.bag.device.at' has no list for row 99" sh -c 'rs-softlabel <"$0"' "$tmp/short.rts"
fails "to score" 1 "'row.bag.device.at' has no list for row 99" sh -c 'rs-score <"$0"' "$tmp/short.rts"
fails "to train on" 1 "'user' has 4000 rows; expected 99" sh -c 'rs-teach --as n <"$0"' "$tmp/short.rts"
fails "a gate without part 1" 1 "no row in part 1" sh -c 'rs-split -q --replace --valid 0 <"$0" | rs-softlabel --from a,b --as c --combine gate' "$tmp/ab.rts"
done_testing
