//! The OAuth side of the embedded Cognito over HTTP, on the sample account.

mod assumed;
mod client_token;
mod discovery;
mod faults;
mod hosts;
mod orders;
mod register;
mod sample;
mod server;
mod token;
