#!/bin/sh
# Also ratings of tests/fixtures/content, where some items and users have no row of part 0.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/content

# made clicks: every fifth item has no row of part 0; parts 1 and 2 have warm and cold rows
clicks 4000 >"$tmp/clicks.csv"
awk -F, -v OFS=, 'NR == 1 { print $0, "part"; next } { i = substr($2, 2); print $0, i % 5 == 0 || NR % 8 == 0 ? 1 + NR % 3 % 2 : 0 }' \
	"$tmp/clicks.csv" >"$tmp/parts.csv"
rs-import -q "$tmp/parts.csv" --label click --part part --items "$tmp/items.csv" --item-bag 'genres:|' >"$tmp/data"
rs-mf -q --patience 0 -k 3 -e 9 <"$tmp/data" | rs-content -q --as content >"$tmp/models"
contract rs-cold "$tmp/models" --warm mf --cold content
cp "$tmp/threads.1" "$tmp/both"

# the lines, worked out anew from what the models say
scores() { rs-softlabel -q --from mf --as mf <"$1" | rs-softlabel -q --from content --as content | rs-softlabel -q --from both --as both |
	rs-show --tsv user item part label soft.mf soft.content soft.both; }
scores "$tmp/both" | sed 1d >"$tmp/scores"
cat >"$tmp/lines.awk" <<'END'
NR == FNR { if ($3 == 0) { user[$1]; item[$2] } next }
{ warm = ($1 in user) && ($2 in item); x = warm ? $5 : $6 }
$3 == 1 { n[warm]++; sx[warm] += x; sy[warm] += $4; sxx[warm] += x * x; sxy[warm] += x * $4 }
{ row[FNR] = warm; said[FNR] = x; both[FNR] = $7; rows = FNR }
END {
	for (k = 0; k < 2; k++) {
		a[k] = (sxy[k] - sx[k] * sy[k] / n[k]) / (sxx[k] - sx[k] * sx[k] / n[k])
		b[k] = (sy[k] - a[k] * sx[k]) / n[k]
	}
	scale = a[0] / a[1]; shift = (b[0] - b[1]) / a[1]
	for (r = 1; r <= rows; r++) {
		want = row[r] ? said[r] : scale * said[r] + shift
		if ((want - both[r])^2 > 1e-8) { print r, row[r], want, both[r]; bad++ }
		cold += !row[r]
	}
	print scale, shift, n[0], n[1], cold
	exit bad || n[0] < 100 || cold < 300
}
END
ok "warm scores are the warm model's, cold ones on its scale" awk -f "$tmp/lines.awk" "$tmp/scores" "$tmp/scores"
rs-cold --warm mf --cold content --as again <"$tmp/both" 2>"$tmp/err" >/dev/null
ok "says who is known" grep -q "'mf' knows 60 of 60 users and 32 of 40 items; 'content' answers" "$tmp/err"
ok "and by what the cold scores are multiplied" grep -q "score = [0-9.]* times that of 'content' [+-]" "$tmp/err"
ok "better than either alone" sh -c 'rs-score -q --tsv <"$0" | awk -F"\t" "{ auc[\$1] = \$4; print }
	END { exit !(auc[\"both\"] > auc[\"mf\"] && auc[\"both\"] > auc[\"content\"]) }"' "$tmp/both"

# rankings: all items at once, recommendations for who is new
rs-import -q "$set/ratings.csv" --part part --items "$set/items.csv" --item-bag 'words:|' --item-cat tongue \
	--users "$set/users.csv" --user-cat trade | rs-mf -q --patience 0 -k 3 -e 9 >"$tmp/models"
rs-mf -q --algo ials -k 6 --patience 0 --as ials <"$tmp/models" | rs-content -q --as like --task ranking |
	rs-content -q --as folks --of user --task ranking --method profile | rs-cold -q --warm ials --cold like --as items |
	rs-cold -q --warm items --cold folks --as both >"$tmp/ranked"
ok "a pair within a pair, all items at once: the score of the row" sh -c '
	rs-softlabel -q --from both <"$0" | rs-show --tsv user item soft.both | sed 1d >"$1/rows"
	rs-recommend -q --model both --top 40 --keep-seen <"$0" >"$1/lists"
	awk -F"[\t,]" "NR == FNR { row[\"u\" \$1, \"i\" \$2] = \$3; next } FNR > 1 { n++ } END { exit n < 1000 }" "$1/rows" "$1/lists"' "$tmp/ranked" "$tmp"
rs-show --tsv vocab.user >"$tmp/names" 2>/dev/null <"$tmp/ranked"
rs-softlabel -q --from both <"$tmp/ranked" | rs-show --tsv user item soft.both | sed 1d | sort >"$tmp/rows"
rs-recommend -q --model both --top 40 --keep-seen <"$tmp/ranked" | sed 1d >"$tmp/lists"
ok "a new user gets what the cold model says" sh -c 'grep -q "^u4," "$0" && ! grep "^u4," "$0" | grep -q popular' "$tmp/lists"
for n in 1 2 3 7; do
	OMP_NUM_THREADS=$n rs-score -q --task ranking --k 5 --tsv <"$tmp/ranked" >"$tmp/score.$n"
	ok "the same rankings with $n threads" cmp "$tmp/score.1" "$tmp/score.$n"
done
ok "a pair ranks, with finite scores" sh -c 'cut -f 1 "$0" | grep -qx both' "$tmp/score.1"

# few rows of part 1: moments
rs-import -q "$set/ratings.csv" --part part --items "$set/items.csv" --item-bag 'words:|' |
	rs-mf -q -k 3 -e 5 | rs-content -q >"$tmp/none"
rs-cold --warm mf --cold content <"$tmp/none" 2>"$tmp/err" >"$tmp/moments"
ok "without part 1: mean and deviation, and it says so" grep -q "part 1 has 0 warm and 0 cold rows.*mean and deviation" "$tmp/err"
ok "its spec says so" sh -c 'gzip -dcf "$0" | grep -aq "^calibrated=moments"' "$tmp/moments"
rs-content -q --method ridge --from mf --as wide <"$tmp/none" | rs-cold -q --warm mf --cold wide |
	rs-show --tsv model.both.spec >/dev/null 2>&1
rs-content -q --method ridge --from mf --as wide <"$tmp/none" | rs-cold --warm mf --cold wide 2>&1 >/dev/null | grep -q "score = 1 times that of 'wide' +0" 
is "models that agree on who is known stay as they are" 0 $?

# wrong calls, missing and damaged models
cold() { rs-cold -q "$@" <"$tmp/both"; }
fails "--warm is needed" 2 "^rs-cold: --warm, --cold: both are needed" rs-cold --cold content
fails "no such model" 1 "no model 'x' ahead of this stage; --cold needs it" cold --as z --warm mf --cold x
fails "a name that is taken" 1 "'model.both.spec' is already in the stream" cold --warm mf --cold content
ok "--replace" sh -c 'rs-cold -q --replace --warm mf --cold content <"$0" | rs-show --digest' "$tmp/both"
fails "one of the two is gone" 1 "model 'content': lacks\|model.content.spec" sh -c 'rs-pick --drop "model.content.*" <"$0" | rs-softlabel -q --from both' "$tmp/both"
fails "who is known is gone" 1 "needs 'model.both.item.known'" sh -c 'rs-pick --drop model.both.item.known <"$0" | rs-softlabel -q --from both' "$tmp/both"
teachable 2000
rs-teach -q --as net --arch lr -e 2 <"$tmp/clicks.rts" | rs-mf -q --algo bias >"$tmp/mixed"
fails "a model of rows" 1 "model 'net' needs 'row\\." sh -c 'rs-cold -q --warm net --cold mf <"$0"' "$tmp/mixed"
rs-teach -q --as net --arch lr -e 2 --features user,item,item.bag.genres <"$tmp/clicks.rts" | rs-mf -q --algo bias >"$tmp/mixed"
fails "logits and ratings" 1 "logits and ratings do not mix" sh -c 'rs-cold -q --warm net --cold mf <"$0"' "$tmp/mixed"
done_testing
