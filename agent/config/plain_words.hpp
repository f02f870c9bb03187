// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ostler::config {

/// Makes the parser take words as the person gave them: it would read `--name=` as a flag whose
/// value is the next word, and a positional word in square brackets as a list.
/// `words`: in their order. Returns what to parse, in the parser's order (last first).
std::vector<std::string> plain_words(CLI::App& app, const std::vector<std::string>& words);

}  // namespace ostler::config
