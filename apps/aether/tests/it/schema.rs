//! The schemas are printed as JSON; an unknown name is answered with the known ones.

use crate::bench::Bench;

#[test]
fn every_schema_is_printed() {
    let bench = Bench::new();
    for name in [
        "analysis",
        "batch",
        "brief",
        "comparison",
        "genre",
        "master",
        "recipe",
        "report",
        "similar",
    ] {
        let schema = bench.done(&["schema", name]).json();
        assert_eq!(schema["$id"], format!("https://triad.invalid/schema/{name}-1.json"));
    }
    let ended = bench.run(&["schema", "song"]);
    assert_eq!(ended.code, Some(2));
    let known = "analysis, batch, brief, comparison, genre, master, recipe, report, similar";
    assert!(ended.error().contains(known), "{ended:#?}");
}
