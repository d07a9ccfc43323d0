# tflint --chdir infrastructure: the rules for the language itself, all of them, which come with tflint 0.64.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# options.tf has the variables that everyone may leave alone.
rule "terraform_standard_module_structure" {
  enabled = false
}
