//! Every preset on ministack: planned, created, planned again, broken, fixed, taken down.

use cognitui::domain::plan::{DesiredPool, DesiredState, DestroyScope, Step, set_up, take_down};
use cognitui::domain::preset::{Answers, PresetCatalog};

use crate::peers::ministack::Ministack;
use crate::peers::{gateway, pool};

#[tokio::test]
async fn every_preset_from_plan_to_take_down() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let team = pool(&ministack, &gateway, "team06dbb7fc-userpool").await;
    let shelf = PresetCatalog::new(&[]);
    for (preset, answers, this) in [
        ("team", &[][..], None),
        ("read-write", &[("domain_prefix", "acme-rw")], None),
        ("m2m-client", &[("prefix", "acme")], None),
        ("api-gateway", &[("domain", "acme-api")], None),
        ("plain", &[("domain", "acme-plain")], None),
        ("no-domain", &[], Some(DesiredPool::This(team.id.clone()))),
    ] {
        let answers: Answers = answers
            .iter()
            .map(|(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let preset = shelf.get(preset).unwrap();
        let wanted: DesiredState = preset.wanted(&answers, this, "eu-west-1").unwrap();
        let plan = set_up(&wanted, &gateway.read_plan_input(&wanted).await.unwrap());
        let done = gateway.execute(&plan, |_| ()).await;
        assert_eq!(done.failed, None, "{}", preset.name);
        let (made_in, client) = (done.pool.unwrap(), done.client.unwrap());
        let again = set_up(&wanted, &gateway.read_plan_input(&wanted).await.unwrap());
        assert!(again.is_settled(), "{}: {again:#?}", preset.name);

        gateway
            .update_client(&client, |settings| settings.oauth_enabled = false)
            .await
            .unwrap();
        if let Some(domain) = &wanted.domain {
            gateway.delete_domain(&made_in, &domain.name).await.unwrap();
        }
        let repair = set_up(&wanted, &gateway.read_plan_input(&wanted).await.unwrap());
        let mut to_do: Vec<_> = repair.to_do().filter_map(Step::operation).collect();
        to_do.retain(|operation| *operation != "CreateUserPoolDomain");
        assert_eq!(to_do, ["UpdateUserPoolClient"], "{}", preset.name);
        assert_eq!(gateway.execute(&repair, |_| ()).await.failed, None);

        let found = gateway.read_plan_input(&wanted).await.unwrap();
        let down = take_down(&wanted, &found, &[], DestroyScope::default());
        assert_eq!(
            gateway.execute(&down, |_| ()).await.failed,
            None,
            "{}",
            preset.name
        );
        let left = gateway.read_plan_input(&wanted).await.unwrap();
        let gone = take_down(&wanted, &left, &[], DestroyScope::default());
        assert!(gone.is_settled(), "{}: {gone:#?}", preset.name);
    }
    assert!(gateway.pool(&team.id).await.is_ok());
}
