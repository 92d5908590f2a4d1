use clap::Args;

use crate::answer;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which
    #[arg(value_parser = studio::schema::NAMES)]
    name: String,
}

/// Prints the schema, with or without `--json`: it is JSON.
pub(crate) fn run(args: &SchemaArgs) -> Result<(), ops::Error> {
    let schema = studio::schema::named(&args.name).unwrap_or_default();
    answer::say(&[format!("{schema:#}")])
}
