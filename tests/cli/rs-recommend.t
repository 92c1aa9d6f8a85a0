#!/bin/sh
# Lists worked by hand: the scores of the items a b c d e"x are 1 5 3 3 2 for everybody
# (tests/fixtures/score/ranking.py).
. "${0%/*}/../lib.sh"
model=$root/tests/fixtures/score/recommend-model.rts

cat >"$tmp/rows.csv" <<'EOF'
user,item,rating,time
ann,a,5,1
ann,b,4,2
bob,c,3,3
"bob,jr",d,2,4
bob,"e""x",1,5
bob,a,1,6
zed,b,1,7
EOF
cat >"$tmp/items.csv" <<'EOF'
item,genre,tags
a,x,p|q
b,x,q
c,y,p
d,y,
"e""x",x,q
EOF
rs-import -q "$tmp/rows.csv" --label rating --time time --items "$tmp/items.csv" --item-cat genre \
	--item-bag 'tags:|' >"$tmp/data.rts"
cat "$model" "$tmp/data.rts" >"$tmp/whole.rts"
rs-split -q --scheme time --valid 0 --test 0.15 <"$tmp/whole.rts" >"$tmp/split.rts"
lists() { rs-recommend "$@" <"$tmp/whole.rts"; }
items() { # items USER ARG...: the user's items, in order
	user=$1; shift
	echo $(lists --users "$user" "$@" | awk -F, 'NR > 1 { print $3 }')
}

contract rs-recommend "$tmp/split.rts" --top 3
contract rs-recommend "$tmp/whole.rts" --json --users ann,nobody

lists --top 2 >"$tmp/lists"
cat >"$tmp/want" <<'EOF'
user,rank,item,score,source
ann,1,c,3,known
ann,2,d,3,known
bob,1,b,5,known
bob,2,d,3,known
"bob,jr",1,b,5,known
"bob,jr",2,c,3,known
zed,1,c,3,known
zed,2,d,3,known
EOF
ok "by score, then id, without what they have" diff "$tmp/want" "$tmp/lists"
is "all that is left, when that is less than --top" 'c d "e""x"' "$(items ann)"
is "--keep-seen" 'b c d "e""x" a' "$(items ann --keep-seen)"
is "--users: in that order" "zed ann" "$(echo $(lists --users zed,ann -n 1 | awk -F, 'NR > 1 { print $1 }'))"
printf 'zed\r\n\nann' >"$tmp/users"
is "--users-file: lines, the last without its end" "zed ann" \
	"$(echo $(lists --users-file "$tmp/users" -n 1 | awk -F, 'NR > 1 { print $1 }'))"
is "--items-where of a category" "c d" "$(items ann --items-where item.cat.genre=y)"
is "of a value among several" 'c' "$(items ann --items-where item.bag.tags=p)"
is "of both" "a" "$(items zed --items-where item.bag.tags=p --items-where item.cat.genre=x)"
is "nothing meets both: no line" "" "$(items ann --items-where item.bag.tags=q --items-where item.cat.genre=y)"
is "JSON: ids and scores" \
	'{"user": "bob,jr", "source": "known", "items": [{"item": "b", "score": 5}, {"item": "c", "score": 3}, {"item": "e\"x", "score": 2}, {"item": "a", "score": 1}]}' \
	"$(lists --json | sed -n 3p)"

# a and b have two users each; c, d, e one
is "a user whom the stream has not: what is popular" "nobody,1,a,2,popular nobody,2,b,2,popular nobody,3,c,1,popular" \
	"$(echo $(lists -q --users nobody -n 3 | tail -n +2))"
is "of what meets --items-where" "c d" "$(items nobody -q --items-where item.cat.genre=y)"
fails "and it is said" 0 "^rs-recommend: 1 users are not in the stream" \
	sh -c 'rs-recommend --users nobody <"$0"' "$tmp/whole.rts"
is "zed has no row in train: popular there, without what zed has" "zed,1,a,2,popular zed,2,c,1,popular" \
	"$(echo $(rs-recommend --users zed -n 2 <"$tmp/split.rts" | tail -n +2))"

# without vocabularies ids are numbers
rs-pick --drop 'vocab.user.*' --drop 'vocab.item.at' --drop 'vocab.item.text' <"$tmp/whole.rts" >"$tmp/bare.rts"
is "ids are numbers where there are no names" "2,1,1,5,known" \
	"$(rs-recommend --users 2 -n 1 <"$tmp/bare.rts" | tail -n +2)"

# ---- reasons, another model for cold users ----

# every item's weight is its only share
is "--why: features and shares" 'user,rank,item,score,source,why;bob,1,b,5,known,item=b 5' \
	"$(lists --users bob -n 1 --why 2 | paste -sd';')"
is "JSON has them apart" '{"user": "bob", "source": "known", "items": [{"item": "b", "score": 5, "why": [{"feature": "item", "value": "b", "share": 5}]}]}' \
	"$(lists --users bob -n 1 --why 2 --json)"
is "what is popular has none" 'nobody,1,a,2,popular,""' "$(lists -q --users nobody -n 1 --why 2 | tail -1)"
rs-mf -q --as factors --dim 2 --epochs 2 <"$tmp/data.rts" | cat "$model" - >"$tmp/two.rts"
ok "factors: items that the user has" sh -c 'rs-recommend --model factors --why 1 --json <"$0" | grep -q "\"why\": \[{\"item\": \"[abcde]\", \"share\": "' "$tmp/two.rts"
rs-split -q --scheme time --valid 0 --test 0.15 <"$tmp/two.rts" >"$tmp/cold.rts"
is "--fallback: zed has no row in train" "ann factors zed known" \
	"$(echo $(rs-recommend --users ann,zed -n 1 --model factors --fallback known <"$tmp/cold.rts" | awk -F, 'NR > 1 { print $1, $5 }'))"
is "--fallback says which is the other" "ann factors zed known" \
	"$(echo $(rs-recommend --users ann,zed -n 1 --fallback known <"$tmp/cold.rts" | awk -F, 'NR > 1 { print $1, $5 }'))"
contract rs-recommend "$tmp/cold.rts" --model factors --fallback known --why 2 --json
rs-teach -q --as deep --arch mlp --hidden 2 --epochs 1 <"$tmp/split.rts" >"$tmp/deep.rts"
fails "networks give no reasons" 1 "^rs-recommend: --why: model 'deep' (arch mlp) gives no reasons" \
	sh -c 'rs-recommend --model deep --why 1 <"$0"' "$tmp/deep.rts"

wrong() { # wrong STATUS PATTERN ARG...
	status=$1 pattern=$2; shift 2
	fails "says: $pattern" "$status" "^rs-recommend: $pattern" sh -c 'in=$0; rs-recommend "$@" <"$in"' "$tmp/whole.rts" "$@"
}
wrong 2 "--items-where: 'genre=y' is not item.cat.NAME=VALUE" --items-where genre=y
wrong 1 "stdin: no 'item.cat.color'" --items-where item.cat.color=y
wrong 1 "stdin: 'item.cat.genre' has no value 'z'" --items-where item.cat.genre=z
wrong 1 "stdin: no model 'other'" --model other
wrong 1 ".*/no/such/file: No such file" --users-file /no/such/file
wrong 2 "--top: 0" --top 0
wrong 2 "--why: 101" --why 101
wrong 1 "stdin: no model 'other'" --model known --fallback other
fails "rows without a model" 1 "^rs-recommend: stdin: no model" sh -c 'rs-recommend <"$0"' "$tmp/data.rts"
fails "a model without rows" 1 "^rs-recommend: stdin: needs 'user'" sh -c 'rs-recommend <"$0"' "$model"
is "rs-score ranks the same: b, the only item that zed has in test, is first" "1" \
	"$(rs-score -q --task ranking -k 1 <"$tmp/split.rts" | awk -F'\t' 'NR == 2 { print $8 }')"
done_testing
