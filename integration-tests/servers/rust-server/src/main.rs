//! A web server of axum, hyper and tokio, with the routes of examples/python-server but no `call`.
//! usage: rust-server HOST:PORT
use axum::body::{to_bytes, Body, Bytes};
use axum::extract::{Query, Request};
use axum::http::{header, Method, StatusCode};
use axum::response::Response;
use axum::Router;
use futures_util::stream;
use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

/// With a body of known length; says how many bytes of it are sent.
fn sized(method: &Method, status: StatusCode, body: Bytes) -> (Response, usize) {
    let mut response = Response::builder().status(status);
    if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
        return (response.body(Body::empty()).unwrap(), 0);
    }
    response = response.header(header::CONTENT_LENGTH, body.len());
    if method == Method::HEAD {
        return (response.body(Body::empty()).unwrap(), 0);
    }
    let sent = body.len();
    (response.body(Body::from(body)).unwrap(), sent)
}

fn chunked(method: &Method, chunks: usize) -> (Response, usize) {
    let ten = Ok::<_, Infallible>(Bytes::from_static(b"0123456789"));
    let body = Body::from_stream(stream::iter(std::iter::repeat_n(ten, chunks)));
    let sent = if method == Method::HEAD { 0 } else { 10 * chunks };
    (Response::new(body), sent)
}

async fn answer(Query(query): Query<HashMap<String, String>>, request: Request) -> Response {
    let number = |name: &str, otherwise: usize| {
        query.get(name).and_then(|n| n.parse().ok()).unwrap_or(otherwise)
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let path = parts.uri.path();
    let (route, argument) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let ok = |text: &'static str| sized(&parts.method, StatusCode::OK, Bytes::from_static(text.as_bytes()));
    let status = argument.parse().ok().filter(|n| (200..600).contains(n));
    let (response, sent) = match (route, status.and_then(|n| StatusCode::from_u16(n).ok())) {
        ("", _) => ok("hello from rust\n"),
        ("echo", _) => sized(&parts.method, StatusCode::OK, body),
        ("delay", _) => {
            tokio::time::sleep(Duration::from_millis(number("ms", 100) as u64)).await;
            ok("waited\n")
        }
        ("status", Some(status)) => sized(&parts.method, status, Bytes::from(format!("status {argument}\n"))),
        ("bytes", _) => sized(&parts.method, StatusCode::OK, Bytes::from(vec![b'x'; number("n", 1024)])),
        ("chunked", _) => chunked(&parts.method, number("n", 10)),
        _ => sized(&parts.method, StatusCode::NOT_FOUND, Bytes::from_static(b"not found\n")),
    };
    println!("access {} {} {} {}", parts.method, path, response.status().as_u16(), sent);
    response
}

fn main() {
    let address = std::env::args().nth(1).expect("usage: rust-server HOST:PORT");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(serve(address));
}

async fn serve(address: String) {
    let listener = tokio::net::TcpListener::bind(address).await.expect("a free port");
    println!("listening on {}", listener.local_addr().unwrap());
    axum::serve(listener, Router::new().fallback(answer)).await.unwrap();
}
