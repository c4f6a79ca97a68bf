using Penstock.Network.Links;

namespace Penstock.Tasks;

/// <summary>The membership of a node in a job with several nodes.</summary>
/// <param name="Placement">The placement of subtasks on the node.</param>
/// <param name="Peer">The other node.</param>
internal sealed record NodeMembership(Placement Placement, Peer Peer);
