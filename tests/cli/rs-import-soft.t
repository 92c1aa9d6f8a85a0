#!/bin/sh
# rs-import --soft: any teacher can teach. The same scores give the same tensors as our own teacher.
. "${0%/*}/../lib.sh"
teachable 1500
cd "$tmp" || exit 1
rs-pick --drop 'row.*' <clicks.rts | rs-mf -q --as f --dim 4 --epochs 3 >f.rts

# Row logits, out by rs-show, in again.
rs-softlabel --from f --as gbm <f.rts >ours.rts
rs-show --tsv soft.gbm <ours.rts >soft.tsv
rs-import --soft gbm=soft.tsv <f.rts >theirs.rts
is "row logits: the same tensors as from our own teacher" "$(rs-show --digest <ours.rts)" "$(rs-show --digest <theirs.rts)"
same() { rs-show <"$1" >"$1.list" && rs-show <"$2" | cmp - "$1.list"; }
ok "stored in the same bytes" same ours.rts theirs.rts
student() { rs-distill -q --arch lr --epochs 2 <"$1" | rs-pick 'model.student.*' | rs-show --digest; }
is "so a student of the file is the student of the model" "$(student ours.rts)" "$(student theirs.rts)"
sed 1d soft.tsv >bare.csv
ok "without a heading" sh -c 'rs-import --soft gbm=bare.csv --side-no-header <f.rts | rs-show --digest | grep -qx "$0"' "$(rs-show --digest <ours.rts)"
gzip -c soft.tsv >soft.tsv.gz
ok "gzipped" sh -c 'rs-import --soft gbm=soft.tsv.gz <f.rts | rs-show --digest | grep -qx "$0"' "$(rs-show --digest <ours.rts)"
awk 'NR == 1 { print "row,logit,note"; next } { print NR - 1 "," $1 ",x" }' soft.tsv >logit.csv
ok "a column called logit among others" sh -c 'rs-import --soft gbm=logit.csv <f.rts | rs-show --digest | grep -qx "$0"' "$(rs-show --digest <ours.rts)"
ok "with the data" sh -c 'rs-import -q clicks.csv --label click --num hour --cat device --soft gbm=soft.tsv >data.rts &&
	rs-show --tsv soft.gbm <data.rts | cmp - soft.tsv'
ok "two teachers at once" sh -c 'rs-import --soft gbm=soft.tsv --soft b=soft.tsv <f.rts | rs-show | grep -c "^soft" | grep -qx 2'

# Lists, out by rs-recommend, in again; without parts both leave out all that a user has.
rs-pick --drop part <f.rts >all.rts
rs-softlabel --from f --top 7 <all.rts >ours.rts
rs-recommend --model f --top 7 <all.rts >lists.csv
is "what rs-recommend writes" "user,rank,item,score,source" "$(head -1 lists.csv)"
rs-import --soft f=lists.csv <all.rts >theirs.rts
is "lists: the same tensors as from our own teacher" "$(rs-show --digest <ours.rts)" "$(rs-show --digest <theirs.rts)"
ok "stored in the same bytes" same ours.rts theirs.rts
(head -1 lists.csv; sed 1d lists.csv | sort -t, -k4,4) >shuffled.csv
ok "lines in any order" sh -c 'rs-import --soft f=shuffled.csv <all.rts | rs-show --digest | grep -qx "$0"' "$(rs-show --digest <ours.rts)"
cut -d, -f1,3,4 shuffled.csv >unranked.csv
ok "without ranks: by score" sh -c 'rs-import --soft f=unranked.csv <all.rts | rs-show --digest | grep -qx "$0"' "$(rs-show --digest <ours.rts)"
ok "lists with the data" sh -c 'rs-import -q clicks.csv --label click --soft f=lists.csv | rs-pick "top.*" | rs-show --digest | grep -qx "$0"' \
	"$(rs-pick 'top.*' <ours.rts | rs-show --digest)"
rs-pick --drop 'vocab.*' <all.rts >numbers.rts
rs-recommend --model f --top 7 <numbers.rts >numbers.csv
ok "users and items by number where the data has no names" sh -c 'rs-import --soft f=numbers.csv <numbers.rts | rs-pick "top.*" | rs-show --digest | grep -qx "$0"' \
	"$(rs-pick 'top.*' <ours.rts | rs-show --digest)"
printf 'user,item,rank,score\nu1,i2,1,0.5\nu1,i3,2,0.9\nu0,i2,1,0.1\nu1,i999,3,0.3\n' >llm.csv
rs-import --soft llm=llm.csv <all.rts 2>said >llm.rts
ok "items that the data lacks are left out and counted" grep -q "^rs-import: llm.csv: 1 lines left out" said
rs-show --tsv top.llm.item top.llm.score <llm.rts | sed '1d; s/\t/,/g' | sort | uniq -c | sort -n | sed 's/^ *//' >shown
is "the rank is the order, whatever the scores; the rest is padded" "1 i2,,0.1,-inf
1 i2,i3,0.5,0.9
58 ,,-inf,-inf" "$(cat shown)"
contract rs-import f.rts --soft gbm=soft.tsv
fails "--unknown error" 1 "llm.csv:5: .*i999" sh -c 'rs-import --soft llm=llm.csv --unknown error <all.rts'
sed 200q clicks.csv | rs-import -q --label click >few.rts
fails "more scores than rows" 1 "soft.tsv: 1500 scores; the data has [0-9]* rows, and wants one each" sh -c 'rs-import --soft gbm=soft.tsv <few.rts'
fails "a heading that is missing" 1 "is the first line a heading" sh -c 'rs-import --soft gbm=bare.csv <f.rts'
fails "a score that is no number" 1 "^rs-import: bad.csv:3: " sh -c 'sed 3s/.*/nan/ soft.tsv >bad.csv; rs-import --soft gbm=bad.csv <f.rts'
fails "an item twice" 1 "twice.csv: user [0-9]* has item [0-9]* twice" sh -c 'printf "user,item,score\nu1,i2,1\nu1,i2,3\n" >twice.csv; rs-import --soft a=twice.csv <all.rts'
fails "a rank twice" 1 "has rank 1 twice" sh -c 'printf "user,item,rank,score\nu1,i2,1,3\nu1,i3,1,3\n" >rank.csv; rs-import --soft a=rank.csv <all.rts'
fails "half a rank" 1 "row 1: rank 1.5; expected a whole number" sh -c 'printf "user,item,rank,score\nu1,i2,1.5,3\n" >rank.csv; rs-import --soft a=rank.csv <all.rts'
fails "users without items" 1 "no column 'item'" sh -c 'printf "user,score\nu1,3\n" >half.csv; rs-import --soft a=half.csv <all.rts'
fails "no score" 1 "no column 'score' or 'logit'" sh -c 'printf "user,item\nu1,i3\n" >half.csv; rs-import --soft a=half.csv <all.rts'
fails "a number beyond those of the data" 1 "row 1: user 60; the data has the numbers 0 to 59" sh -c 'printf "user,item,score\n60,1,3\n" >far.csv; rs-import --soft a=far.csv <numbers.rts'
fails "a name where the data has numbers" 1 "^rs-import: far.csv:2: " sh -c 'printf "user,item,score\nu1,1,3\n" >far.csv; rs-import --soft a=far.csv <numbers.rts'
fails "a name with a dot" 2 "--soft: 'a.b': a model's name has no dots" sh -c 'rs-import --soft a.b=soft.tsv <f.rts'
fails "no name" 2 "'soft.tsv' is not NAME=FILE" sh -c 'rs-import --soft soft.tsv <f.rts'
fails "a file that is not there" 1 "none.csv: No such file" sh -c 'rs-import --soft a=none.csv <f.rts'
fails "a name that is taken" 1 "'top.f.item' is already in the stream" sh -c 'rs-import --soft f=lists.csv <ours.rts'
fails "columns of a CSV, but no CSV" 2 "only adds to the stream on stdin" sh -c 'rs-import --label click --soft gbm=soft.tsv <f.rts'
fails "a CSV where a stream is expected" 1 "not a stream" sh -c 'rs-import --soft gbm=soft.tsv <clicks.csv'
fails "two columns without headings" 1 "expected score, or user,item,score" sh -c 'echo 1,2 >two.csv; rs-import --side-no-header --soft a=two.csv <f.rts'
done_testing
