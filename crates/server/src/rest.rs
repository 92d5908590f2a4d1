//! OpenSubsonic over HTTP: who asks, what they ask for, and the answer in their format.
//!
//! Errors are answered with status 200 and an envelope that says so, as every client expects; the
//! exceptions are methods that are gone or never were, and parts of files.

mod archive;
mod browsing;
mod call;
mod door;
mod filled;
mod finding;
mod marking;
mod media;
mod people;
mod transcoding;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gateway::{Client, Problem, RouteRules};

use crate::House;
use crate::subsonic::catalogue::{self, Answer};
use crate::subsonic::{Code, Failure, Format, Node, Parameters, envelope, request};

pub(crate) use call::Call;

/// A body of parameters: a playlist of 10,000 ids, and no more.
const MAX_FORM_BYTES: u64 = 1 << 20;

/// Every method of the protocol under `/rest/`. The cookie of a session opens none of them.
pub(crate) fn router(house: House) -> Router {
    Router::new()
        .route("/rest/{method}", get(answer).post(answer))
        .layer(RouteRules::new().key_only().unhurried().body_bytes(MAX_FORM_BYTES))
        .with_state(house)
}

async fn answer(State(house): State<House>, client: Client, asked: Request) -> Response {
    let (parts, body) = asked.into_parts();
    let Some(method) = request::method(parts.uri.path()).and_then(catalogue::method) else {
        return Problem::not_found().into_response();
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let body = match axum::body::to_bytes(body, MAX_FORM_BYTES as usize).await {
        Ok(body) => body,
        Err(_) => {
            return failed(&Format::Xml, &Failure::saying(Code::Generic, "The body is too long"));
        }
    };
    let form = if kind.is_some_and(request::is_form) { &body[..] } else { &[] };
    let query = parts.uri.query().unwrap_or_default();
    let parameters = match Parameters::parse(query.as_bytes(), form) {
        Ok(parameters) => parameters,
        Err(failure) => return failed(&Format::Xml, &failure),
    };
    let format = match Format::of(&parameters) {
        Ok(format) => format,
        Err(failure) => return failed(&Format::Xml, &failure),
    };
    if let Some(status) = method.answer.refusal() {
        let failure = Failure::saying(Code::Generic, "This server does not have this method");
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        return (status, failed(&format, &failure)).into_response();
    }
    if method.answer == Answer::Open {
        return rendered(&format, catalogue::extensions());
    }
    let come = Arrived { house, parameters, client: client.text(), json: body.to_vec() };
    let work = move || come.enter();
    let call = match tokio::task::spawn_blocking(work).await {
        Ok(Ok(call)) => call,
        Ok(Err(failure)) => return failed(&format, &failure),
        Err(_) => return Problem::internal().into_response(),
    };
    if method.answer == Answer::Bytes {
        return match media::answer(method.name, call, &parts).await {
            Ok(response) => response,
            Err(failure) => failed(&format, &failure),
        };
    }
    let span = tracing::Span::current();
    let work = move || span.in_scope(|| document(method.name, &call));
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(node)) => rendered(&format, node),
        Ok(Err(failure)) => failed(&format, &failure),
        Err(_) => Problem::internal().into_response(),
    }
}

/// A request before it is known who sent it.
struct Arrived {
    house: House,
    parameters: Parameters,
    client: String,
    json: Vec<u8>,
}

impl Arrived {
    fn enter(self) -> Result<Call, Failure> {
        let who = door::enter(&self.house.accounts, &self.parameters, &self.client)?;
        let player = request::client(&self.parameters);
        let Self { house, parameters, json, client } = self;
        Ok(Call { house, who, client, player, parameters, json })
    }
}

/// The document a method answers with.
fn document(method: &str, call: &Call) -> Result<Node, Failure> {
    browsing::answer(method, call)
        .or_else(|| finding::answer(method, call))
        .or_else(|| marking::answer(method, call))
        .or_else(|| people::answer(method, call))
        .or_else(|| transcoding::answer(method, call))
        .unwrap_or_else(|| {
            Err(Failure::saying(Code::Generic, "This server does not have this method"))
        })
}

fn rendered(format: &Format, payload: Node) -> Response {
    respond(format, &envelope::ok(payload))
}

pub(crate) fn failed(format: &Format, failure: &Failure) -> Response {
    respond(format, &envelope::failed(failure))
}

fn respond(format: &Format, node: &Node) -> Response {
    let rendered = format.render(node);
    let mut response = Response::new(Body::from(rendered.body));
    let kind = HeaderValue::from_static(rendered.content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
