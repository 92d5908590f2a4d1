//! What the description of the API says that no route says for itself.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, ResponseBuilder, Schema, Server,
};
use utoipa_axum::router::OpenApiRouter;

use super::{KEY, SESSION, context};
use crate::problem::MEDIA_TYPE;
use crate::{Error, Program};

/// What a problem is called in the description.
const PROBLEM: &str = "Problem";
/// What may be wrong with a body before it is known what it says.
const UNREAD: [(&str, &str); 3] = [
    ("400", "The body is not JSON, or ended before it was whole."),
    ("413", "The body is longer than is taken here."),
    ("415", "The body is not said to be JSON."),
];

/// The beginning of the description: whose it is, and how one comes in.
pub(super) fn opening(program: Program, base: &str) -> OpenApi {
    let cookie = ApiKey::Cookie(ApiKeyValue::new(context::cookie_name(program)));
    let schemes = BTreeMap::from([
        (SESSION, SecurityScheme::ApiKey(cookie)),
        (KEY, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
    ]);
    let components = schemes
        .into_iter()
        .fold(ComponentsBuilder::new(), |all, (name, scheme)| all.security_scheme(name, scheme));
    let info = InfoBuilder::new().title(program.title).version(program.version);
    let mut api = OpenApiBuilder::new().info(info).components(Some(components.build()));
    if !base.is_empty() {
        api = api.servers(Some([Server::new(base)]));
    }
    api.build()
}

/// Refuses a program whose routes call another thing by the name of one of ours: the description
/// would tell of one and mean the other.
pub(super) fn distinct(ours: &OpenApiRouter, theirs: &OpenApiRouter) -> Result<(), Error> {
    let (ours, theirs) = (schemas(ours), schemas(theirs));
    let clash = ours.iter().find(|(name, ours)| theirs.get(*name).is_some_and(|t| t != *ours));
    match clash {
        Some((name, _)) => Err(Error::Broken(format!("two schemas are called {name}"))),
        None => Ok(()),
    }
}

fn schemas(router: &OpenApiRouter) -> BTreeMap<String, RefOr<Schema>> {
    let components = router.get_openapi().components.as_ref();
    components.map(|all| all.schemas.clone().into_iter().collect()).unwrap_or_default()
}

/// Adds what every route answers that takes a body, and says of what kind problems are.
pub(super) fn complete(api: &mut OpenApi) {
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        operations.into_iter().chain([&mut item.patch]).flatten().for_each(complete_one);
    }
}

fn complete_one(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    if let Some(RefOr::T(body)) = &operation.request_body
        && body.content.contains_key("application/json")
    {
        for (status, meaning) in UNREAD {
            responses.entry(status.to_owned()).or_insert_with(|| problem(meaning));
        }
    }
    for response in responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        let is_problem = response.content.get("application/json").is_some_and(is_problem);
        if is_problem && let Some(content) = response.content.swap_remove("application/json") {
            response.content.insert(MEDIA_TYPE.to_owned(), content);
        }
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    content.schema == Some(RefOr::Ref(Ref::from_schema_name(PROBLEM)))
}

fn problem(meaning: &str) -> RefOr<Response> {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name(PROBLEM))).build();
    RefOr::T(ResponseBuilder::new().description(meaning).content(MEDIA_TYPE, body).build())
}
