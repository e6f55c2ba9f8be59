//! One file a screen: state, keys, drawing. Screens never know each other: they meet through [`Route`].

mod aim;
mod anew;
mod answers;
mod asking;
mod call;
mod causes;
mod changes;
mod claims;
mod client;
mod client_facts;
mod client_secret;
mod confirm;
mod copy_menu;
mod crossing;
mod diagnosis;
mod doctor;
mod edit;
mod export;
mod hand_over;
mod handing;
mod held;
mod help;
mod history;
mod holders;
mod kept;
mod listing;
mod new_client;
mod paste;
mod plan_source;
mod plan_steps;
mod pool;
mod pool_facts;
mod pools;
mod presets;
mod reading;
mod ready;
mod remove;
mod revealed;
mod rotate;
mod scope_map;
mod states;
mod terminal_copy;
mod token;
mod typed;
mod ways;
mod who_uses;
mod wire;
mod words;

use crate::app::message::Route;
use crate::app::screen::{Screen, View};

/// Makes the screen of a route.
pub fn open(route: &Route, view: &View) -> Box<dyn Screen> {
    match route {
        Route::Pools => Box::new(pools::Pools::new()),
        Route::Pool(pool) => Box::new(pool::Pool::new(pool.clone())),
        Route::Client(pool, client) => Box::new(client::Client::new(pool.clone(), client.clone())),
        Route::NewClient(pool) => Box::new(new_client::NewClientForm::new(pool.clone())),
        Route::NewServer(pool) => {
            Box::new(edit::Edit::new(edit::NewServerEditor::new(pool.clone())))
        }
        Route::NewDomain(pool) => {
            Box::new(edit::Edit::new(edit::NewDomainEditor::new(pool.clone())))
        }
        Route::EditClient(pool, client) => Box::new(edit::Edit::new(edit::ClientEditor::new(
            pool.clone(),
            client.clone(),
        ))),
        Route::EditServer(pool, identifier) => Box::new(edit::Edit::new(edit::ServerEditor::new(
            pool.clone(),
            identifier.clone(),
        ))),
        Route::EditDomain(pool, name) => Box::new(edit::Edit::new(edit::DomainEditor::new(
            pool.clone(),
            name.clone(),
        ))),
        Route::Remove(subject) => Box::new(remove::Remove::new(subject.clone())),
        Route::Rotate(pool, client) => Box::new(rotate::Rotate::new(pool.clone(), client.clone())),
        Route::Token(pool, client) => Box::new(token::Token::new(pool.clone(), client.clone())),
        Route::Held(id) => Box::new(held::Held::new(*id, view)),
        Route::History => Box::new(history::History::default()),
        Route::Paste => Box::new(paste::Paste::new()),
        Route::Call(token) => Box::new(call::Call::new(*token, view)),
        Route::Doctor(pool, client) => Box::new(doctor::Doctor::new(pool.clone(), client.clone())),
        Route::Ways(choice) => Box::new(ways::Ways::new(choice)),
        Route::ScopeMap(pool) => Box::new(scope_map::Map::new(pool.clone())),
        Route::WhoUses(pool, access) => {
            Box::new(who_uses::WhoUses::new(pool.clone(), access.clone()))
        }
        Route::Copy(menu) => Box::new(copy_menu::Copy::new(menu)),
        Route::HandOver(request, place) => {
            Box::new(hand_over::HandOver::new(request.clone(), *place))
        }
        Route::Confirm(change) => {
            let source = plan_source::Source::Change(change.clone());
            Box::new(confirm::Confirm::new(source, view.session))
        }
        Route::SetUp(begun) => Box::new(presets::Presets::new(begun.clone())),
        Route::Answers(preset, begun) => {
            Box::new(answers::Questions::new(preset, begun.clone(), view))
        }
        Route::Aim(aim) => {
            let source = plan_source::Source::aim(aim);
            Box::new(confirm::Confirm::new(source, view.session))
        }
        Route::Ready(ready) => Box::new(ready::ReadyClient::new(ready.clone())),
        Route::Terminal(request) => Box::new(terminal_copy::TerminalCopy::new(request.clone())),
        Route::Export(pool, client) => Box::new(export::Export::new(pool.clone(), client.clone())),
        Route::Help(offers) => Box::new(help::Help::new(offers.clone())),
    }
}
