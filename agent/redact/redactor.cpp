// SPDX-License-Identifier: Apache-2.0
#include "redact/redactor.hpp"

#include <algorithm>

namespace ostler::redact {

constexpr std::string_view kReplacement = "[REDACTED]";

void Redactor::write(std::string_view bytes, std::string& out) {
  needles_.prepare();
  if (withheld_.empty()) {
    withheld_ = bytes.substr(redact(bytes, false, out));
    return;
  }
  withheld_ += bytes;
  withheld_.erase(0, redact(withheld_, false, out));
}

void Redactor::flush(std::string& out) {
  needles_.prepare();
  redact(withheld_, true, out);
  withheld_.clear();
}

/// Appends to `out` what is decided of `text` and returns where the undecided rest begins. Stops
/// at the first needle that may go on beyond the text, because all after it may become part of it.
std::size_t Redactor::redact(std::string_view text, bool at_end, std::string& out) {
  std::size_t done = covered_;
  std::size_t place = needles_.next_candidate(text, 0);
  for (; place < text.size(); place = needles_.next_candidate(text, place + 1)) {
    const NeedleSet::Finding finding = needles_.find_at(text, place);
    if (finding.open && !at_end) break;
    if (finding.match_end == 0) continue;
    if (place >= done) {
      out.append(text.substr(done, place - done));
      out += kReplacement;
    }
    done = std::max(done, finding.match_end);
  }
  place = std::min(place, text.size());
  if (done < place) {
    out.append(text.substr(done, place - done));
    done = place;
  }
  covered_ = done - place;
  return place;
}

}  // namespace ostler::redact
