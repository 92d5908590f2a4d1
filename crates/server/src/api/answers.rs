//! What routes have in common in what they answer, and how it is described.

use std::collections::BTreeMap;

use gateway::Problem;
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// Things of a page, unless somebody says otherwise, and at most.
const PAGE: u32 = 100;
const MAX_PAGE: u32 = 500;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T: ToSchema> {
    pub(super) items: Vec<T>,
    /// `after` of the next page, where there is one.
    pub(super) next: Option<String>,
}

/// All there is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct All<T: ToSchema> {
    pub(super) items: Vec<T>,
}

impl<T: ToSchema> All<T> {
    pub(super) fn of<S>(items: Vec<S>) -> Self
    where
        T: From<S>,
    {
        Self { items: items.into_iter().map(T::from).collect() }
    }
}

/// How many things a query asks for.
pub(super) fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(PAGE);
    if (1..=MAX_PAGE).contains(&limit) {
        return Ok(limit as usize);
    }
    Err(Problem::invalid("limit", "1 to 500"))
}

fn problem(status: &str, meaning: &str) -> BTreeMap<String, RefOr<Response>> {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description(meaning)
        .content("application/problem+json", body)
        .build();
    BTreeMap::from([(status.to_owned(), RefOr::T(response))])
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident, $status:literal, $meaning:literal;)+) => {$(
        $(#[$doc])*
        pub(super) enum $name {}

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                problem($status, $meaning)
            }
        }
    )+};
}

problems! {
    /// Who asks is known.
    Known, "401", "Who asks is not known.";
    /// Who asks is an admin.
    AdminOnly, "403", "Only an admin may.";
    /// What is asked for is there.
    There, "404", "There is nothing, or nothing for who asks.";
    /// It goes with what is there.
    Fits, "409", "It does not go with what is there.";
    /// The body is not longer than is taken.
    Small, "413", "The body is longer than is taken here.";
    /// A request that opens no WebSocket, where nothing else is spoken.
    Socket, "426", "The request opens no WebSocket.";
    /// What is asked can be understood.
    Valid, "422", "A field is not one that is accepted.";
    /// There is not too much of it.
    Few, "429", "There is as much of it as may be; ask again later.";
}
