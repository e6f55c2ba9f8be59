//! The HTTP clients that the SDK's calls go through: the SDK's own, but for the moment at which the machine's trusted certificates
//! are read. The SDK reads them when it is configured, before anything is sent, and whether TLS is spoken or not.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::trust::CaBundle;

/// A client that makes its connector when the first request needs one. All it leaves out is to make one at validation.
#[derive(Debug)]
struct WhenNeeded(SharedHttpClient);

impl HttpClient for WhenNeeded {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

/// HTTPS as the SDK speaks it: rustls with AWS-LC, the machine's certificates and those of `more`, the environment's proxy.
pub(super) fn https(more: Option<&CaBundle>) -> SharedHttpClient {
    let more = more.cloned();
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector =
            ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        // The builder fails for nothing that could go wrong here; without it fewer are trusted, and never more.
        if let Some(more) = &more
            && let Ok(context) = TlsContext::builder().with_trust_store(beside(more)).build()
        {
            connector.set_tls_context(context);
        }
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    });
    SharedHttpClient::new(WhenNeeded(client))
}

/// The machine's own authorities and these.
fn beside(more: &CaBundle) -> TrustStore {
    more.pems().fold(TrustStore::default(), |store, pem| {
        store.with_pem_certificate(pem)
    })
}

/// Plain HTTP, for an endpoint without TLS such as the embedded Cognito; `None` for any other.
pub(super) fn plain(endpoint: Option<&str>) -> Option<SharedHttpClient> {
    let url = reqwest::Url::parse(endpoint?).ok()?;
    (url.scheme() == "http").then(|| Builder::new().build_http())
}

/// Whether an endpoint says how to speak to it: `localhost:4566` does not.
pub(super) fn has_scheme(endpoint: &str) -> bool {
    reqwest::Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
