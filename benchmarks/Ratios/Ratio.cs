namespace Penstock.Benchmarks.Ratios;

/// <summary>Penstock against a peer that does the same work, measured in turn in one process.</summary>
/// <param name="Name">The name of the ratio.</param>
/// <param name="Bar">What the ratio must reach.</param>
/// <param name="Penstock">Prepares Penstock's side: a function that runs it over a number of rows and says how many it handled.</param>
/// <param name="PeerName">What the peer is.</param>
/// <param name="Peer">Prepares the peer's side.</param>
/// <param name="Rounds">How often both run; the best of each counts.</param>
internal sealed record Ratio(string Name, double Bar, Func<Func<long>> Penstock, string PeerName, Func<Func<long>> Peer, int Rounds = 7);
