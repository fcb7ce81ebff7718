def test_smoke(ledger):
    assert ledger.ready()
