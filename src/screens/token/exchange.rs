//! The HTTP exchange with masked secret and token, for all screens that show it.

use ratatui::text::Line;

use crate::app::message::CopyRequest;
use crate::app::screen::View;
use crate::domain::delivery::formats;
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::token::TokenRequest;
use crate::ui::properties::{Property, facts, prose};

/// Width of the labels.
const LABEL: u16 = 14;

/// Request line, headers and form; status, headers and body.
pub fn lines(exchange: &Exchange, width: u16, view: &View) -> Vec<Line<'static>> {
    let theme = view.theme;
    let headers = |of: &[(String, String)]| {
        let rows: Vec<Property> = of
            .iter()
            .map(|(name, value)| Property::new(name.clone(), value.clone()))
            .collect();
        facts(&rows, width, LABEL, theme)
    };
    let mut lines = prose(
        &format!("{} {}", exchange.method, exchange.url),
        width,
        theme.strong,
    );
    lines.extend(headers(&exchange.request_headers));
    lines.push(Line::default());
    // One parameter per line: readable, and no id is wrapped, which privacy mode could not hide.
    for part in exchange.request_body.split_inclusive(['&', ',']) {
        lines.extend(prose(part, width, theme.text));
    }
    lines.push(Line::default());
    let ok = (200..300).contains(&exchange.status);
    let took = exchange.took.as_millis();
    lines.extend(prose(
        &format!("HTTP {} · {took} ms", exchange.status),
        width,
        if ok { theme.good } else { theme.bad }.patch(theme.strong),
    ));
    lines.extend(headers(&exchange.response_headers));
    lines.push(Line::default());
    lines.extend(prose(&exchange.response_body, width, theme.text));
    lines
}

/// The request for a shell, with `$CLIENT_SECRET` instead of the secret.
pub fn curl(request: &TokenRequest, exchange: &Exchange) -> CopyRequest {
    CopyRequest::Plain {
        what: "the request as a curl command".to_owned(),
        text: formats::request_curl(request, &exchange.url),
    }
}
