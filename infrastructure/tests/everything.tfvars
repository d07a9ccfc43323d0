# What is made only if it is asked for, so that checkov looks at it as well.
enable_glue = true
