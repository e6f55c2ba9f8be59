//! The HTTP clients of the SDK, with two changes. The machine's trusted certificates are read with the first TLS request; the SDK reads
//! them at configuration, even without TLS. And a response is read at once, up to a limit: the SDK has none.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use thiserror::Error;

use crate::cognito::sdk::ca_bundle::CaBundle;
use crate::domain::oauth::endpoints;

/// The largest response: an extension of requests that differ from [`BodyLimit::ANSWER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(usize);

impl BodyLimit {
    /// The limit, except for lists.
    pub const ANSWER: Self = Self(1024 * 1024);
    /// The limit of a list page. AWS sends 60 entries at most; an emulator may send all.
    pub const PAGE: Self = Self(16 * 1024 * 1024);

    /// Appends `more` to the body read so far.
    ///
    /// # Errors
    /// Too large; as much as fits was added.
    pub fn extend(self, read: &mut Vec<u8>, more: &[u8]) -> Result<(), BodyError> {
        let room = self.0.saturating_sub(read.len());
        let (fits, over) = more.split_at_checked(room).unwrap_or((more, &[]));
        // Doubles as usual, up to the limit.
        if fits.len() > read.capacity() - read.len() {
            read.reserve_exact(fits.len().max(read.len().min(room)));
        }
        read.extend_from_slice(fits);
        if over.is_empty() {
            Ok(())
        } else {
            Err(BodyError::TooLarge(self.0 / (1024 * 1024)))
        }
    }
}

/// Why a response was not read completely.
#[derive(Debug, Error)]
pub enum BodyError {
    #[error("the response is larger than {0} MiB")]
    TooLarge(usize),
    #[error("the response is incomplete")]
    BrokenOff,
}

/// A client that creates its connector on the first request (the original does at validation) and limits the size of responses.
#[derive(Debug)]
struct LazyHttpClient(SharedHttpClient);

impl HttpClient for LazyHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(LimitedConnector(
            self.0.http_connector(settings, components),
        ))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

/// Reads a whole response before returning it, so that the call's timeouts cover it.
#[derive(Debug)]
struct LimitedConnector(SharedHttpConnector);

impl HttpConnector for LimitedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let largest = request.extension().copied().unwrap_or(BodyLimit::ANSWER);
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut answer = answer.await?;
            let body = read(answer.take_body(), largest).await?;
            *answer.body_mut() = body;
            Ok(answer)
        })
    }
}

async fn read(body: SdkBody, largest: BodyLimit) -> Result<SdkBody, ConnectorError> {
    let mut read = Vec::new();
    let mut rest = ByteStream::new(body);
    while let Some(more) = rest.next().await {
        let more = more.map_err(|_| ConnectorError::io(BodyError::BrokenOff.into()))?;
        // Not retried: it would be as large again.
        largest
            .extend(&mut read, &more)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
    }
    Ok(read.into())
}

/// HTTPS as in the SDK: rustls with AWS-LC, the machine's certificates and those of `more`, the environment's proxy.
pub fn https(more: Option<&CaBundle>) -> SharedHttpClient {
    let more = more.cloned();
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector =
            ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        // The builder cannot fail here; without it fewer authorities are trusted, never more.
        if let Some(more) = &more
            && let Ok(context) = TlsContext::builder()
                .with_trust_store(with_bundle(more))
                .build()
        {
            connector.set_tls_context(context);
        }
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    });
    SharedHttpClient::new(LazyHttpClient(client))
}

/// The machine's own authorities and these.
fn with_bundle(more: &CaBundle) -> TrustStore {
    more.pems().fold(TrustStore::default(), |store, pem| {
        store.with_pem_certificate(pem)
    })
}

/// Plain HTTP, for an endpoint without TLS such as the embedded Cognito; `None` for any other. Through the environment's proxy, unless
/// the endpoint is on this machine: a proxy would look for it on its own.
pub fn plain(endpoint: Option<&str>) -> Option<SharedHttpClient> {
    let url = reqwest::Url::parse(endpoint?).ok()?;
    if url.scheme() != "http" {
        return None;
    }
    let proxied = !endpoints::is_loopback_host(url.host_str().unwrap_or_default());
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default();
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        if proxied {
            connector.set_proxy_config(Some(ProxyConfig::from_env()));
        }
        connector.build_http()
    });
    Some(SharedHttpClient::new(LazyHttpClient(client)))
}

/// Whether an endpoint has a scheme: `localhost:4566` has none.
pub fn has_scheme(endpoint: &str) -> bool {
    reqwest::Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
