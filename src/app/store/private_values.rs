//! What onlookers should not see of all that is known.

use std::collections::HashMap;

use super::Store;
use crate::app::store::load::Load;
use crate::domain::oauth::endpoints;

impl Store {
    /// The ids and addresses that are known: of pools, clients, secrets, domains and token endpoints, and the ARNs.
    pub fn each_private(&self, visit: &mut dyn FnMut(&str)) {
        for pool in self.pools.value().iter().flat_map(|list| &list.items) {
            visit(pool.id.as_str());
        }
        for pool in self.pool.values().filter_map(Load::value) {
            visit(pool.id.as_str());
            let words = [&pool.arn, &pool.prefix_domain, &pool.custom_domain];
            words.into_iter().flatten().for_each(|word| visit(word));
        }
        let described = self.pool.values().filter_map(Load::value);
        let urls = described.flat_map(|pool| [endpoints::issuer(pool), endpoints::jwks_url(pool)]);
        for url in urls.flatten() {
            visit(&url);
        }
        let domains = self.domains.values().filter_map(Load::value);
        for domain in domains.flatten() {
            visit(&domain.name);
            let words = [&domain.cloudfront, &domain.certificate_arn];
            words.into_iter().flatten().for_each(|word| visit(word));
        }
        self.token_endpoints.values().for_each(|url| visit(url));
        for api in self.graph_apis.value().into_iter().flatten() {
            visit(&api.url);
        }
        let lists = self.clients.values().filter_map(Load::value);
        for client in lists.flat_map(|list| &list.items) {
            visit(client.id.as_str());
        }
        for client in self.client.values().flat_map(HashMap::keys) {
            visit(client.as_str());
        }
        let secrets = self.secrets.values().flat_map(HashMap::values);
        for secret in secrets.filter_map(Load::value).flatten() {
            visit(&secret.id);
        }
    }
}
