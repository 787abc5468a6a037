#pragma once

#include <string>

namespace avisloop {

// Completion scripts for verbs, nouns, options and choices, made from the command table.

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace avisloop
