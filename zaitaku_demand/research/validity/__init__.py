"""Validity: does a figure measure what its name says, and what else could its pattern come from?"""
