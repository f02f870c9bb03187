// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/build_event.hpp"

// Events of builds as the event stream says them. Source: agent/docs/events.md.
namespace ostler::wire {

/// "job": what an event is about, by which a browser tells them apart.
std::string_view rest_event_name(const model::BuildEvent& event);

/// The data of an event: one JSON object.
std::string encode_rest_event(const model::BuildEvent& event);

/// The data of the event that ends a stream of events.
std::string encode_rest_events_end(model::BuildState state);
/// The data of an event of a log: text that begins at byte `offset`. `text` is JSON already.
std::string encode_rest_log_event(std::int64_t offset, std::string_view json_text);
/// The data of the event that ends a log of that many bytes.
std::string encode_rest_log_end(std::int64_t size);

}  // namespace ostler::wire
