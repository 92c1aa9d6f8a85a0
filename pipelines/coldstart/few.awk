# few.awk -- a line a model of new users: how many rows they have shown, precision, recall and NDCG at 20.
BEGIN { FS = "\t" }
$1 == "model" {
	for (i = 1; i <= NF; i++)
		field[$i] = i
	next
}
{
	printf "rows %d  %-8s %.4f %.4f %.4f  (%d users)\n", few, $1, $field["precision@20"],
		$field["recall@20"], $field["ndcg@20"], $field["users"]
}
