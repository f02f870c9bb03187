// SPDX-License-Identifier: Apache-2.0
#include "breaches.hpp"

#include <atomic>
#include <thread>

namespace zoo {
namespace {

const ostler_host_t* host = nullptr;
std::string breach;
std::atomic<bool> may_go = false;
std::thread left;

ostler_text_t text_of(const char* text) { return {text, std::string(text).size()}; }

template <class Table>
const Table* table(const char* id) {
  return static_cast<const Table*>(host->get_extension(host, text_of(id)));
}

void read_config(const ostler_sink_t* sink) {
  table<ostler_config_t>(OSTLER_CONFIG_ID)->text(host, text_of("/do"), sink, nullptr);
}

/// What a sink may do, and then what it may not.
void take_and_call(const ostler_sink_t*, ostler_text_t) {
  table<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text_of("in a sink"));
  read_config(nullptr);
}

void call_when_left() {
  may_go.wait(false);
  read_config(nullptr);
}

}  // namespace

void break_in_run(const ostler_host_t* given, const std::string& how) {
  host = given;
  breach = how;
  const ostler_sink_t sink = {sizeof sink, 0, nullptr, take_and_call};
  if (breach == "breach in a sink") read_config(&sink);
  if (breach == "breach of a thread") left = std::thread(call_when_left);
}

void break_in_cancel() {
  if (breach == "breach in cancel") read_config(nullptr);
}

void break_in_destroy() {
  if (breach == "breach in destroy" || breach == "breach after a failed init") {
    table<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text_of("late"));
  }
  if (!left.joinable()) return;
  may_go = true;
  may_go.notify_all();
  left.join();
}

}  // namespace zoo
