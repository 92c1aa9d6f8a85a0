#!/bin/sh
# New users in factors that stay: users 50 to 59 of the planted ratings have no row when the model is
# trained, and some later.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/mf

rs-show --tsv user item label <"$set/planted.rts" | tr '\t' , >"$tmp/planted.csv"
parts() { # parts EXPRESSION: the part of the new users' rows
	awk -F, -v OFS=, 'NR == 1 { print $0, "part"; next } { p = $1 >= 50 ? ('"$1"') : 0; print $0, p }' "$tmp/planted.csv" | rs-import -q --label label --part part
}
parts 2 >"$tmp/before"
parts 'NR % 2 * 2' >"$tmp/after"
train() { rs-mf -q --patience 0 "$@" <"$tmp/before" | rs-pick -q 'model.*' >"$tmp/model"; }
join() { cat "$tmp/model" "$tmp/after"; }
train --algo als -k 2 --reg 0.01
join | rs-mf -q --fold-in mf --as new >"$tmp/new"
rmse() { rs-score -q --tsv <"$1" | awk -F'\t' -v m="$2" '$1 == m { print $4 }'; }
ok "ratings: half of a new user's ratings tell the other half" awk -v new="$(rmse "$tmp/new" new)" -v old="$(rmse "$tmp/new" mf)" \
	'BEGIN { print new, old; exit !(new < 0.5 * old) }'
factors() { rs-show --tsv "model.$1.user.factors" <"$tmp/new" | sed 1d; }
factors mf >"$tmp/old"
factors new >"$tmp/wide"
ok "who was known stays, ten are new" awk 'NR == FNR { old[FNR] = $0; next } old[FNR] ~ /[1-9]/ ? old[FNR] != $0 : $0 !~ /[1-9]/ { bad++ }
	old[FNR] !~ /[1-9]/ { n++ } END { exit bad || n != 10 }' "$tmp/old" "$tmp/wide"
rs-mf -q --fold-in new --as same <"$tmp/new" | rs-show --tsv model.same.user.factors | sed 1d >"$tmp/same"
ok "nobody new: the same factors" cmp "$tmp/wide" "$tmp/same"
join >"$tmp/joined"
contract rs-mf "$tmp/joined" --fold-in mf --as new
for level in base v3; do
	RS_SIMD=$level rs-mf -q --fold-in mf --as new <"$tmp/joined" >"$tmp/$level"
	ok "the same bytes with RS_SIMD=$level" cmp "$tmp/threads.1" "$tmp/$level"
done
ok "says how many" sh -c 'rs-mf --fold-in mf --as new <"$0" 2>&1 >/dev/null | grep -q "^rs-mf: 10 new users; ratings"' "$tmp/joined"
train --algo sgd -k 2 -e 60 --l2 .02 --decay .97
join | rs-mf -q --fold-in mf --as new --reg 0.02 >"$tmp/new"
ok "also into what sgd has learned" awk -v new="$(rmse "$tmp/new" new)" -v old="$(rmse "$tmp/new" mf)" \
	'BEGIN { print new, old; exit !(new < 0.7 * old) }'

# positives
train --algo ials -k 8 --alpha 0.1 --reg 0.02
join | rs-mf -q --fold-in mf --as new >"$tmp/new"
ok "positives: its options are those of the model" sh -c 'gzip -dcf "$0" | grep -a -A4 "^fold_in=mf" | tr "\n" " " | grep -q "reg=0.02 alpha=0.1 nu=1"' "$tmp/new"
ok "a new user has factors then" sh -c 'rs-show --tsv model.new.user.factors <"$0" | sed 1d | tail -10 | grep -c "[1-9]" | grep -qx 10' "$tmp/new"
for n in 1 2 3 7; do
	OMP_NUM_THREADS=$n rs-mf -q --fold-in mf --as new --alpha 1 --nu 0.5 <"$tmp/new" --replace >"$tmp/got.$n"
	ok "positives: the same bytes with $n threads" cmp "$tmp/got.1" "$tmp/got.$n"
done

# what cannot be
fails "no such model" 1 "no model 'x' ahead of this stage; --fold-in needs it" sh -c 'rs-mf -q --fold-in x --as new <"$0"' "$tmp/joined"
rs-mf -q --algo mean --as mean <"$tmp/after" >"$tmp/mean"
fails "a model without factors" 1 "model 'mean' has 0 factors; --fold-in needs 1 to 1023" sh -c 'rs-mf -q --fold-in mean --as new <"$0"' "$tmp/mean"
rs-knn -q --as near <"$tmp/after" >"$tmp/near"
fails "neighbours" 1 "model 'near' has no factors of users and items; --fold-in needs them" sh -c 'rs-mf -q --fold-in near --as new <"$0"' "$tmp/near"
fails "--algo" 2 "^rs-mf: --fold-in: trains nothing" rs-mf --fold-in mf --algo ials
fails "options of training" 2 "^rs-mf: --dim: has no effect with --fold-in" rs-mf --fold-in mf --dim 7
fails "the model's own name" 1 "'model.mf.spec' is already in the stream" sh -c 'rs-mf -q --fold-in mf <"$0"' "$tmp/joined"
done_testing
