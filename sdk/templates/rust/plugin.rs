//! The step is in run(). What it may use stands in ostler.rs.
mod ostler;

use ostler::{End, Services};

fn run(services: &Services) -> Result<End, String> {
    let name = services.text("/name")?;
    services.log(&format!("Hello, {name}!"));
    Ok(End::passed("greeted one"))
}

step_plugin!("@NAME@", "1.0.0", run); // as in plugin.json
