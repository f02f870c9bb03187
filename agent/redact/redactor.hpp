// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "redact/needle_set.hpp"

// Keeps secrets out of job output. One NeedleSet per job, one Redactor per stream, so that a line
// of ours between two halves of a secret does not let it through.
namespace ostler::redact {

/// Replaces every needle in a stream by [REDACTED], across the borders of writes. Overlapping
/// matches become one replacement, adjacent ones one each.
/// Source: job-lifecycle 3.7.
class Redactor {
 public:
  /// Needles added to `needles` later count from the next write on.
  /// Requires: `needles` outlives the redactor.
  explicit Redactor(NeedleSet& needles) : needles_(needles) {}

  /// Appends to `out` all that is decided; withholds only what may be the beginning of a needle.
  void write(std::string_view bytes, std::string& out);

  /// Appends what is withheld: no needle goes on beyond this point.
  void flush(std::string& out);

 private:
  std::size_t redact(std::string_view text, bool at_end, std::string& out);

  NeedleSet& needles_;
  std::string withheld_;
  std::size_t covered_ = 0;  // so many of the withheld bytes are part of a replacement already out
};

}  // namespace ostler::redact
