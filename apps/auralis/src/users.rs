use std::io::BufRead;

use clap::{Args, Subcommand};
use gateway::{Change, Role, User};
use ops::console::{self, Failure};

use crate::premises::Premises;
use crate::settings::Serving;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis user add ann --admin < password.txt
  auralis user list
  auralis user password ann < password.txt
  auralis user remove ann

A password is one line of standard input. These commands work while the server runs, too.";

#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make a user
    Add {
        /// How they are called
        name: String,
        /// May do everything
        #[arg(long)]
        admin: bool,
    },
    /// List all users
    List,
    /// Give a user another password; ends their sessions
    Password {
        /// How they are called
        name: String,
    },
    /// Make a user an admin, or none
    Role {
        /// How they are called
        name: String,
        /// admin or listener
        role: String,
    },
    /// Remove a user with all that is theirs
    Remove {
        /// How they are called
        name: String,
    },
}

pub(crate) fn run(args: &UserArgs, serving: &Serving, json: bool) -> Result<(), Failure> {
    let accounts = Premises::open(serving)?.accounts;
    match &args.command {
        UserCommand::Add { name, admin } => {
            let role = if *admin { Role::Admin } else { Role::Listener };
            let user = accounts.create(name, &password()?, role)?;
            told(&[user], json)
        }
        UserCommand::List => told(&accounts.users()?, json),
        UserCommand::Password { name } => {
            let user = accounts.user_named(name)?;
            let change = Change { password: Some(password()?), ..Change::default() };
            told(&[accounts.change(user.id, &change)?], json)
        }
        UserCommand::Role { name, role } => {
            let role = match role.as_str() {
                "admin" => Role::Admin,
                "listener" => Role::Listener,
                other => {
                    let said = format!("role \"{other}\": accepted is admin or listener");
                    return Err(Failure::user(said));
                }
            };
            let user = accounts.user_named(name)?;
            let change = Change { role: Some(role), ..Change::default() };
            told(&[accounts.change(user.id, &change)?], json)
        }
        UserCommand::Remove { name } => {
            let user = accounts.user_named(name)?;
            accounts.delete(user.id)?;
            told(&[user], json)
        }
    }
}

/// One line of standard input.
fn password() -> Result<String, Failure> {
    let mut line = String::new();
    let input = std::path::Path::new("standard input");
    std::io::stdin().lock().read_line(&mut line).map_err(ops::Error::io("read", input))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Failure::user("the password is one line of standard input".to_owned()));
    }
    Ok(password)
}

fn told(users: &[User], json: bool) -> Result<(), Failure> {
    let role = |user: &User| if user.role == Role::Admin { "admin" } else { "listener" };
    if json {
        let users = users.iter().map(|user| {
            serde_json::json!({
                "name": user.name, "role": role(user), "disabled": user.disabled,
            })
        });
        return Ok(console::say_json(&serde_json::Value::Array(users.collect()))?);
    }
    let line = |user: &User| format!("{}  {}", user.name, role(user));
    Ok(console::say(&users.iter().map(line).collect::<Vec<_>>())?)
}
