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
done_testing
