//! The step is in run(). What it may use are the functions of Services: in ostler_host.rs,
//! ostler_calls.rs and ostler_programs.rs.
mod ostler;

use ostler::{End, Error, Services};

fn run(services: &Services) -> Result<End, Error> {
    let name = services.text("/name")?;
    services.log(&format!("Hello, {name}!"));
    Ok(End::passed("greeted one"))
}

step_plugin!("@NAME@", "1.0.0", run); // as in plugin.json
