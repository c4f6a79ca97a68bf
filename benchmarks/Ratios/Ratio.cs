namespace Penstock.Benchmarks.Ratios;

/// <summary>Penstock compared with a peer that does the same work, alternating in one process.</summary>
/// <param name="Name">The name of the ratio.</param>
/// <param name="Bar">The minimum ratio.</param>
/// <param name="Penstock">
/// Prepares the side of Penstock: a function that processes a number of rows and returns how many it processed.
/// </param>
/// <param name="PeerName">A description of the peer.</param>
/// <param name="Peer">Prepares the side of the peer.</param>
/// <param name="Rounds">The number of rounds of both; the best of each counts.</param>
internal sealed record Ratio(string Name, double Bar, Func<Func<long>> Penstock, string PeerName, Func<Func<long>> Peer, int Rounds = 7);
