// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_job_event.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode_rest_job_event(std::int64_t sequence, Timestamp at, std::string_view kind,
                                  std::string_view data) {
  return to_text({{"sequence", sequence},
                  {"kind", kind},
                  {"at", format_rfc3339(at)},
                  {"data", nlohmann::json::parse(data, nullptr, false)}});
}

}  // namespace ostler::wire
