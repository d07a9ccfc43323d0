"""Stands for the job's script in the tests of Terraform."""
