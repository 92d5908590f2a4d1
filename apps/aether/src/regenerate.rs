use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use studio::genre::Genres;
use studio::make::regenerate;
use studio::recipe::Recipe;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aether regenerate rain/recipe.json --out rain-again

Every file is made anew and its SHA-256 compared with the recipe's. The exit code is 0 only if
all are the same; if another version made the recipe, that is said.";

#[derive(Debug, Args)]
pub(crate) struct RegenerateArgs {
    /// The recipe.json of a song
    recipe: PathBuf,
    /// The folder to deliver into
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(
    args: &RegenerateArgs,
    threads: usize,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let recipe = Recipe::read(&args.recipe)?;
    let display = Display::stderr();
    let genres = Genres::embedded()?;
    let again = regenerate(&recipe, &args.out, threads, &genres, &display, cancel);
    display.finish();
    let again = again?;
    let files = recipe.files.len();
    if json {
        console::say_json(&serde_json::json!({
            "folder": args.out.display().to_string(),
            "files": files,
            "different": again.different,
            "engine_differs": again.engine_differs,
        }))?;
    } else {
        let engine = again.engine_differs.iter().map(|name| format!("  engine: {name}"));
        let differ = again.different.iter().map(|name| format!("  differs: {name}"));
        let same = format!("All {files} files are the same, byte for byte.");
        let same = again.different.is_empty().then_some(same);
        console::say(&engine.chain(differ).chain(same).collect::<Vec<_>>())?;
    }
    if again.different.is_empty() {
        return Ok(());
    }
    let because = if again.engine_differs.is_empty() {
        "though the engine is the same".to_owned()
    } else {
        format!("the engine is another: {}", again.engine_differs.join(", "))
    };
    Err(Failure::verdict(format!("{} of {files} files differ; {because}", again.different.len())))
}
