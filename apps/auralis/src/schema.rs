use clap::Args;
use ops::console;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which
    #[arg(value_parser = studio::schema::NAMES)]
    name: String,
}

/// Prints the schema, with or without `--json`: it is JSON.
pub(crate) fn run(args: &SchemaArgs) -> Result<(), ops::Error> {
    let schema = studio::schema::named(&args.name)
        .ok_or_else(|| ops::Error::Setup("find the schema", args.name.clone()))?;
    console::say(&[format!("{schema:#}")])
}
