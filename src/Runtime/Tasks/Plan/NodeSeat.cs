using Penstock.Network.Links;

namespace Penstock.Tasks;

/// <summary>The place of a node in a job of several.</summary>
/// <param name="Placement">Which subtasks lie on it.</param>
/// <param name="Peer">The other node.</param>
internal sealed record NodeSeat(Placement Placement, Peer Peer);
