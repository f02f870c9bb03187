// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::store {

/// What chunk `sequence` of a job's log says; of another length for each sequence.
inline std::string chunk_text(const std::string& job, int sequence) {
  std::string text;
  for (int line = 0; line < 10 * sequence; ++line) {
    text += job + " chunk " + std::to_string(sequence) + " line " + std::to_string(line) + "\n";
  }
  return text;
}

}  // namespace ostler::store
