//! The least that a program can do to list the user pools: `benches/terminal` measures the console against it. It takes the
//! endpoint from the SDK's own environment variables and prints how many pools there are.

use aws_config::BehaviorVersion;
use aws_sdk_cognitoidentityprovider::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::var_os("AWS_ENDPOINT_URL").is_none() {
        println!("bare_sdk is run by benches/terminal");
        return Ok(());
    }
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let mut pages = Client::new(&config)
        .list_user_pools()
        .max_results(60)
        .into_paginator()
        .send();
    let mut pools = 0;
    while let Some(page) = pages.next().await {
        pools += page?.user_pools().len();
    }
    println!("{pools} pools");
    Ok(())
}
