//! The Regions that a token may name, compared with the newest list that AWS publishes with botocore.

use std::collections::BTreeSet;

use cognitui::domain::regions::{self, Partition};
use serde_json::Value;

#[test]
fn no_region_of_botocores_is_missing() {
    let Ok(botocore) = std::env::var("COGNITUI_BOTOCORE") else {
        panic!(
            "COGNITUI_BOTOCORE must name the directory of an installed botocore package: run ./tests/run, which sets it"
        );
    };
    let text = std::fs::read_to_string(format!("{botocore}/data/partitions.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut theirs = BTreeSet::new();
    for partition in all["partitions"].as_array().unwrap() {
        let suffix = partition["outputs"]["dnsSuffix"].as_str().unwrap();
        if !["aws", "aws-us-gov", "aws-eusc"].contains(&partition["id"].as_str().unwrap()) {
            continue;
        }
        let names = partition["regions"].as_object().unwrap().keys();
        for name in names.filter(|name| !name.ends_with("-global")) {
            assert_eq!(Partition::of(name).dns_suffix(), suffix, "{name}");
            theirs.insert(name.as_str());
        }
    }
    let ours: BTreeSet<&str> = regions::known().iter().copied().collect();
    let missing: Vec<_> = theirs.difference(&ours).collect();
    assert!(missing.is_empty(), "not in domain/regions.rs: {missing:?}");
}
