use clap::{Args, Subcommand};
use gateway::Key;
use ops::console::{self, Failure};

use crate::premises::Premises;
use crate::settings::Serving;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis key make ann phone
  auralis key make ann car --legacy
  auralis key list ann
  auralis key revoke ann 3

A key is a password for one player: the player's password or API key is the text that is shown, once.
With --legacy it also works for players that send a salted digest (nearly all older ones); it is then
kept sealed by the server's own key instead of as a hash.";

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a key and show it, once
    Make {
        /// Whose it is
        user: String,
        /// What it is for
        name: String,
        /// For players that know salted digests only
        #[arg(long)]
        legacy: bool,
    },
    /// List the keys of a user
    List {
        /// Whose they are
        user: String,
    },
    /// End a key
    Revoke {
        /// Whose it is
        user: String,
        /// Its number, as list shows it
        number: i64,
    },
}

pub(crate) fn run(args: &KeyArgs, serving: &Serving, json: bool) -> Result<(), Failure> {
    let accounts = Premises::open(serving)?.accounts;
    match &args.command {
        KeyCommand::Make { user, name, legacy } => {
            let user = accounts.user_named(user)?;
            let (key, token) = accounts.make_key(user.id, name, *legacy)?;
            if json {
                let told = serde_json::json!({ "id": key.id, "name": key.name, "token": token });
                return Ok(console::say_json(&told)?);
            }
            Ok(console::say(&[token])?)
        }
        KeyCommand::List { user } => {
            let user = accounts.user_named(user)?;
            told(&accounts.keys(user.id)?, json)
        }
        KeyCommand::Revoke { user, number } => {
            let user = accounts.user_named(user)?;
            let key = accounts.key(user.id, *number)?;
            accounts.revoke_key(user.id, *number)?;
            told(&[key], json)
        }
    }
}

fn told(keys: &[Key], json: bool) -> Result<(), Failure> {
    if json {
        let keys = keys
            .iter()
            .map(|key| serde_json::json!({ "id": key.id, "name": key.name, "legacy": key.legacy }));
        return Ok(console::say_json(&serde_json::Value::Array(keys.collect()))?);
    }
    let line = |key: &Key| {
        format!("{}  {}{}", key.id, key.name, if key.legacy { "  (legacy)" } else { "" })
    };
    Ok(console::say(&keys.iter().map(line).collect::<Vec<_>>())?)
}
