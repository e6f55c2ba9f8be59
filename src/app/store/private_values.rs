//! The private values of the store.

use super::Store;
use crate::app::query::load::Load;
use crate::app::query::slot::Slot;
use crate::domain::oauth::endpoints;

impl Store {
    /// Visits the known ids, addresses and ARNs: of pools, clients, secrets, domains and token endpoints.
    pub fn each_private(&self, visit: &mut dyn FnMut(&str)) {
        for pool in self.pools().partial() {
            visit(pool.id.as_str());
        }
        for kept in self.loads.pool.values() {
            kept.token_endpoint().into_iter().for_each(&mut *visit);
            let Some(pool) = kept.load().value() else {
                continue;
            };
            visit(pool.id.as_str());
            let words = [&pool.arn, &pool.prefix_domain, &pool.custom_domain];
            words.into_iter().flatten().for_each(|word| visit(word));
            let urls = [endpoints::issuer(pool), endpoints::jwks_url(pool)];
            urls.into_iter().flatten().for_each(|url| visit(&url));
        }
        let domains = self.loads.domains.values().filter_map(Load::value);
        for domain in domains.flatten() {
            visit(&domain.name);
            let words = [&domain.cloudfront, &domain.certificate_arn];
            words.into_iter().flatten().for_each(|word| visit(word));
        }
        for api in self.graph_apis().value().into_iter().flatten() {
            visit(&api.url);
        }
        for client in self
            .loads
            .clients
            .values()
            .flat_map(|kept| kept.load().partial())
        {
            visit(client.id.as_str());
        }
        for (client, _) in self.loads.client.all() {
            visit(client.as_str());
        }
        let secrets = self.loads.secrets.all();
        for secret in secrets.filter_map(|(_, load)| load.value()).flatten() {
            visit(&secret.id);
        }
    }
}
