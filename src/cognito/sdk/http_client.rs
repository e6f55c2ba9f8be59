//! The HTTP clients that the SDK's calls go through: the SDK's own, but for two things. The machine's trusted certificates are read
//! when the first request needs them; the SDK reads them when it is configured, before anything is sent, and whether TLS is spoken
//! or not. And an answer is read to its end at once, up to a limit: the SDK would take one of any size.

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

/// The largest answer that is read: an extension of a request that may have another than [`BodyLimit::ANSWER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(usize);

impl BodyLimit {
    /// Of anything but a list.
    pub const ANSWER: Self = Self(1024 * 1024);
    /// A page of a list. AWS sends 60 entries at most; an emulator may send all there are.
    pub const PAGE: Self = Self(16 * 1024 * 1024);

    /// Adds `more` to what was read of an answer before.
    ///
    /// # Errors
    /// It is too much; as much as fits was added.
    pub fn extend(self, read: &mut Vec<u8>, more: &[u8]) -> Result<(), BodyError> {
        let room = self.0.saturating_sub(read.len());
        let (fits, over) = more.split_at_checked(room).unwrap_or((more, &[]));
        // Doubled as ever, but to no more than may be read.
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

/// Why an answer was not read to its end.
#[derive(Debug, Error)]
pub enum BodyError {
    #[error("the answer is larger than {0} MiB")]
    TooLarge(usize),
    #[error("the answer broke off")]
    BrokenOff,
}

/// A client that makes its connector when the first request needs one, which the original makes at validation, and whose connectors
/// read no more of an answer than is allowed.
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

/// Reads an answer to its end before it hands it on, so that the timeouts of the call cover all of it.
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
        // Not tried again: it would be as large the next time.
        largest
            .extend(&mut read, &more)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
    }
    Ok(read.into())
}

/// HTTPS as the SDK speaks it: rustls with AWS-LC, the machine's certificates and those of `more`, the environment's proxy.
pub fn https(more: Option<&CaBundle>) -> SharedHttpClient {
    let more = more.cloned();
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector =
            ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        // The builder fails for nothing that could go wrong here; without it fewer are trusted, and never more.
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

/// Plain HTTP, for an endpoint without TLS such as the embedded Cognito; `None` for any other.
pub fn plain(endpoint: Option<&str>) -> Option<SharedHttpClient> {
    let url = reqwest::Url::parse(endpoint?).ok()?;
    (url.scheme() == "http")
        .then(|| SharedHttpClient::new(LazyHttpClient(Builder::new().build_http())))
}

/// Whether an endpoint says how to speak to it: `localhost:4566` does not.
pub fn has_scheme(endpoint: &str) -> bool {
    reqwest::Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
